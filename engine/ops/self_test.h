#pragma once

#include <filesystem>

#include "engine/hal/device.h"

namespace pumice::ops {

/// The features (a set of hal::Feature bits) whose kernels compute wrong numbers on this device, to
/// be left out when it is opened again. Small multiplications in all transposes are compared with
/// the CPU (Mesa 25 with vectors of 512 bits fails: its texelFetch is wrong there).
///
/// The verdict is kept in `cache_folder`, a small JSON file for each device, driver and kernel, so
/// that the next process neither compiles nor computes; an empty path keeps nothing. A file that
/// cannot be read or written only costs the time of the test (0.5 s on lavapipe when the kernels
/// are not compiled yet, else 20 ms).
uint32_t wrong_features(hal::Device& device, const std::filesystem::path& cache_folder = {});

}  // namespace pumice::ops
