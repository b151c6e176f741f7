#pragma once

#include <string_view>

#include "engine/graph/graph.h"
#include "kernels/shared.h"

namespace pumice::optim {

/// Declared in shaders/include/schedule.glsl.
using kernels::Decay;

/// How a number changes with the steps, as a factor; the device computes it from the clock.
struct Schedule {
  uint32_t warm_up_steps = 0;  ///< the first ones climb from 1/n to 1 in equal steps
  Decay decay = Decay::kNone;  ///< begins after the warm-up
  uint32_t steps = 0;
  double factor = 0;
  bool operator==(const Schedule&) const = default;
};

/// By its name in snake_case. Throws Error, listing the names, when there is no such decay.
Decay decay_by_name(std::string_view name);

/// Throws Error when it cannot be: a decay without steps, a factor that is no share.
void check(const Schedule& schedule);

/// The factor of a step (from 0), as the device computes it.
double factor_at(const Schedule& schedule, uint32_t step);

/// value · factor of the clock's step, a scalar [1].
Tensor scheduled(const Tensor& clock, double value, const Schedule& schedule);

}  // namespace pumice::optim
