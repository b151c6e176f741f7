#pragma once

#include <string_view>

#include "engine/graph/graph.h"
#include "kernels/shared.h"

namespace pumice::optim {

/// Declared in shaders/include/schedule.glsl.
using kernels::Decay;

/// A factor that depends on the step; the device computes it from the step state.
struct Schedule {
  uint32_t warm_up_steps = 0;  ///< the factor first rises linearly from 1/n to 1
  Decay decay = Decay::kNone;  ///< begins after the warm-up
  uint32_t steps = 0;
  double factor = 0;
  bool operator==(const Schedule&) const = default;
};

/// By its name in snake_case. Throws Error, listing the names, if there is no such decay.
Decay decay_by_name(std::string_view name);

/// Throws Error if it is invalid: a decay without steps, or a factor outside (0, 1] (for cosine,
/// outside [0, 1]).
void check(const Schedule& schedule);

/// The factor at a step (counted from 0), as the device computes it.
double factor_at(const Schedule& schedule, uint32_t step);

/// value times the factor at the step of `step_state`, a scalar [1].
Tensor scheduled(const Tensor& step_state, double value, const Schedule& schedule);

}  // namespace pumice::optim
