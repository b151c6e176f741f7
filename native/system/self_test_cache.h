#pragma once

#include <filesystem>

#include "engine/hal/device.h"

namespace pumice::system {

/// ops::wrong_features() with its result cached in `folder`: a small JSON file for each device,
/// driver and kernel, so that the next process neither compiles nor computes. With an empty path
/// nothing is cached; a file that cannot be read or written only means that the test runs again.
uint32_t cached_wrong_features(hal::Device& device, const std::filesystem::path& folder);

}  // namespace pumice::system
