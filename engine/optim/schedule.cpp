#include "engine/optim/schedule.h"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "engine/base/find_name.h"
#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "kernels/scheduled.h"

namespace pumice::optim {
namespace {

double decayed(const Schedule& schedule, uint32_t since) {
  const double periods = double(since) / std::max(schedule.steps, 1u);
  switch (schedule.decay) {
    case Decay::kNone:
      return 1;
    case Decay::kCosine: {
      const double cosine = std::cos(std::numbers::pi * std::min(periods, 1.0));
      return schedule.factor + (1 - schedule.factor) * (1 + cosine) / 2;
    }
    case Decay::kStep:
      return std::pow(schedule.factor, std::floor(periods));
    case Decay::kExponential:
      return std::pow(schedule.factor, periods);
  }
  return 1;
}

}  // namespace

Decay decay_by_name(std::string_view name) {
  return static_cast<Decay>(find_name("schedule", kernels::kNames<Decay>, name));
}

void check(const Schedule& schedule) {
  if (schedule.decay == Decay::kNone) return;
  require(schedule.steps > 0, "schedule: expects at least 1 decay step, got 0");
  const bool may_end_at_zero = schedule.decay == Decay::kCosine;
  require(
      (schedule.factor > 0 || (may_end_at_zero && schedule.factor == 0)) && schedule.factor <= 1,
      "schedule: expects a factor {}0 and <= 1, got {}", may_end_at_zero ? ">= " : "> ",
      schedule.factor);
}

double factor_at(const Schedule& schedule, uint32_t step) {
  if (step < schedule.warm_up_steps) return (step + 1.0) / schedule.warm_up_steps;
  return decayed(schedule, step - schedule.warm_up_steps);
}

Tensor scheduled(const Tensor& step_state, double value, const Schedule& schedule) {
  check(schedule);
  Graph& graph = step_state.graph();
  Tensor y = graph.tensor({1}, DType::kF32);
  graph.add({
      .kernel = &kernels::scheduled,
      .inputs = {step_state},
      .outputs = {y},
      .params = pack(kernels::ScheduledParams{.value = static_cast<float>(value),
                                              .warm_up_steps = schedule.warm_up_steps,
                                              .decay = static_cast<uint32_t>(schedule.decay),
                                              .steps = schedule.steps,
                                              .factor = static_cast<float>(schedule.factor)}),
  });
  return y;
}

}  // namespace pumice::optim
