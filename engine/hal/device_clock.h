#pragma once

#include <optional>

#include "engine/hal/device.h"

namespace pumice::hal {

/// Implemented by devices that can time programs by their own clock, for benchmarks.
class DeviceClock {
 public:
  virtual ~DeviceClock() = default;
  /// Runs a program when all earlier work is done, and waits for it. Returns the seconds from the
  /// beginning of its first dispatch to the end of its last, as the device saw them: without what
  /// a submission and the wait take. Nothing if this device has no clock, or if it measures the
  /// dispatches of a program in its first run, to divide it, and this is the first.
  virtual std::optional<double> run_timed(Program& program) = 0;
};

}  // namespace pumice::hal
