#pragma once

#include <functional>
#include <vector>

#include "engine/hal/device.h"

namespace pumice::benchmark {

/// Seconds of a clock that only goes forward.
double now();

/// Times work on a device from an idle start until all of it is done.
class Stopwatch {
 public:
  explicit Stopwatch(hal::Device& device);
  /// Seconds that the device took for what `start` queued.
  double seconds(const std::function<void()>& start);
  /// Waits until the device has done everything.
  void wait();

 private:
  hal::Device& device_;
  hal::BufferPtr probe_;
};

/// How many calls take long enough to be timed: browsers' clocks are as coarse as 0.1 ms. At least
/// `least`; `seconds` times a number of calls, several times, since something else may hold one up.
uint32_t calls_to_time(uint32_t least, const std::function<double(uint32_t calls)>& seconds);

/// How long to measure: samples are taken until the seconds are over, at least `least`. On a device
/// so slow that these would take a multiple of the seconds, fewer, at least one.
struct Budget {
  double seconds = 1;
  size_t least = 5;
  size_t most = 1000;
  int dropped = 2;  ///< samples at the beginning
};

/// One sample per call of `sample`.
std::vector<double> samples_within(const Budget& budget, const std::function<double()>& sample);

/// Seconds that the dispatches of a plan take, without submission. Each sample times a program that
/// repeats them for milliseconds, and is divided by the number of repeats.
std::vector<double> seconds_of_plan(hal::Device& device, const hal::Plan& plan,
                                    const Budget& budget);

}  // namespace pumice::benchmark
