#pragma once

#include "engine/hal/device.h"

namespace pumice::ops {

/// The kernel that wrong_features() runs; null if a device with these limits would not use it, so
/// that there is nothing to test.
const hal::Kernel* self_tested_kernel(const hal::Limits& limits);

/// The features (a set of hal::Feature bits) whose kernels compute wrong numbers on this device;
/// disable them when opening it again. Small multiplications in all transposes are compared with
/// the CPU (Mesa 25 with 512-bit vectors fails: its texelFetch is wrong). Takes 0.5 s on lavapipe
/// if the kernels are not compiled yet, else 20 ms.
uint32_t wrong_features(hal::Device& device);

}  // namespace pumice::ops
