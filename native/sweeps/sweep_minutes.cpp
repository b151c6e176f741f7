#include "native/sweeps/sweep_minutes.h"

#include <algorithm>

#include "native/training/run_length.h"

namespace pumice {
namespace {

bool is_over(RunState state) {
  return is_finished(state) || state == RunState::kTrained || state == RunState::kFailed;
}

}  // namespace

double minutes_of_next_run(const Sweep& sweep, std::span<const RunResult> results,
                           const std::map<size_t, double>& active) {
  double left = sweep.minutes;
  size_t waiting = 0;
  for (size_t i = 0; i < results.size(); ++i) {
    const auto of_active = active.find(i);
    if (of_active != active.end()) {
      left -= of_active->second;
    } else if (is_over(results[i].state)) {
      left -= results[i].spent_seconds / kSecondsPerMinute;
    } else {
      ++waiting;
    }
  }
  const double part = waiting > 0 ? left / static_cast<double>(waiting) : 0;
  return std::max(part, sweep.minutes_of_run());
}

}  // namespace pumice
