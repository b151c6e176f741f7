#include "native/training/schedule_time.h"

#include <fmt/format.h>

#include <chrono>
#include <cmath>

namespace pumice {
namespace {

double seconds_of(TrainingRun& run, uint32_t steps) {
  const auto begin = std::chrono::steady_clock::now();
  run.run_steps(steps);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

double measure_schedule(TrainingRun& run) {
  // A generator runs at every fifth step of most critics.
  constexpr uint32_t kSteps = 5;
  constexpr double kEnough = 0.5, kMost = 2;
  seconds_of(run, 1);  // compiles kernels
  double seconds = 0;
  uint32_t steps = 0;
  while (seconds < kMost && (seconds < kEnough || steps % kSteps != 0)) {
    seconds += seconds_of(run, 1);
    ++steps;
  }
  const double all = double(run.steps_per_epoch()) * run.recipe().train.epochs;
  return seconds / steps * all;
}

std::string long_duration_text(double seconds) {
  constexpr int64_t kMinute = 60, kHour = 3600, kDay = 86400;
  const auto whole = static_cast<int64_t>(std::llround(seconds));
  if (whole < 2 * kMinute) return fmt::format("{} s", whole);
  if (whole < 2 * kHour) return fmt::format("{} min", whole / kMinute);
  if (whole < 2 * kDay) {
    return fmt::format("{} h {} min", whole / kHour, whole % kHour / kMinute);
  }
  return fmt::format("{} days {} h", whole / kDay, whole % kDay / kHour);
}

}  // namespace pumice
