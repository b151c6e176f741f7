#pragma once

#include "engine/hal/null/null_device.h"
#include "tests/support/limits.h"

namespace pumice::test {

/// A null device that resembles lavapipe, so that the kernel under test is a candidate; it
/// computes zeros.
inline hal::Limits wrong_device() {
  hal::Limits limits = limits_of(hal::DeviceType::kCpu, 8);
  limits.device_name = "computes zeros";
  return limits;
}

}  // namespace pumice::test
