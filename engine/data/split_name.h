#pragma once

#include <cstdint>
#include <string_view>

namespace pumice::data {

enum class SplitName : uint8_t { kNone, kTrain, kValidation, kTest };

/// Which split people mean by a folder of that name: "train" and "training"; "val", "valid" and
/// "validation"; "test" and "testing". In upper and lower case, with digits and with "set",
/// "images" or "data" around it: "Training", "test1", "val2017", "training_set", "test_images".
SplitName split_name(std::string_view folder);

}  // namespace pumice::data
