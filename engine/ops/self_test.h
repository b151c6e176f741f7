#pragma once

#include "engine/hal/device.h"

namespace pumice::ops {

/// The kernel that wrong_features() runs; null where a device of these limits would not choose it,
/// so that there is nothing to test.
const hal::Kernel* self_tested_kernel(const hal::Limits& limits);

/// The features (a set of hal::Feature bits) whose kernels compute wrong numbers on this device, to
/// be left out when it is opened again. Small multiplications in all transposes are compared with
/// the CPU (Mesa 25 with vectors of 512 bits fails: its texelFetch is wrong there). Takes 0.5 s on
/// lavapipe when the kernels are not compiled yet, else 20 ms.
uint32_t wrong_features(hal::Device& device);

}  // namespace pumice::ops
