#pragma once

#include <filesystem>

#include "engine/hal/device.h"

namespace pumice::system {

/// ops::wrong_features(), whose verdict is kept in `folder`: a small JSON file for each device,
/// driver and kernel, so that the next process neither compiles nor computes. An empty path keeps
/// nothing; a file that cannot be read or written only costs the time of the test.
uint32_t cached_wrong_features(hal::Device& device, const std::filesystem::path& folder);

}  // namespace pumice::system
