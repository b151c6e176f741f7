#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pumice::data {

enum class SplitName : uint8_t { kNone, kTrain, kValidation, kTest };

/// The split that a folder's name denotes: "train" and "training"; "val", "valid" and "validation";
/// "test" and "testing". In any case, with digits, and with "set", "images" or "data" around it:
/// "Training", "test1", "val2017", "training_set", "test_images".
SplitName split_name(std::string_view folder);

/// Whether the name is just one of those words, in any case.
bool is_split_word(std::string_view folder);

/// A split of one class, as named in CycleGAN's data sets: "trainA", "test_B".
struct ClassSplit {
  SplitName split = SplitName::kNone;
  std::string class_name;  ///< one capital letter
};

std::optional<ClassSplit> class_split(std::string_view folder);

}  // namespace pumice::data
