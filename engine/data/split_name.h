#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace pumice::data {

enum class SplitName : uint8_t { kNone, kTrain, kValidation, kTest };

/// Which split people mean by a folder of that name: "train" and "training"; "val", "valid" and
/// "validation"; "test" and "testing". In upper and lower case, with digits and with "set",
/// "images" or "data" around it: "Training", "test1", "val2017", "training_set", "test_images".
SplitName split_name(std::string_view folder);

/// Whether the name is one of those words alone, in upper or lower case.
bool is_split_word(std::string_view folder);

/// A split of one class, as CycleGAN's data sets name it: "trainA", "test_B".
struct ClassSplit {
  SplitName split = SplitName::kNone;
  std::string class_name;  ///< one capital letter
};

std::optional<ClassSplit> class_split(std::string_view folder);

}  // namespace pumice::data
