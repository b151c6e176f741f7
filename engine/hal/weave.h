#pragma once

#include <span>
#include <string>
#include <string_view>

#include "engine/hal/plan.h"

namespace pumice::hal {

struct Limits;

/// A plan that is woven with others.
struct Strand {
  const Plan* plan = nullptr;
  std::string label = {};  ///< what the labels of its dispatches begin with: "seed-2"
};

/// One plan that does the work of several independent ones. The dispatches between two
/// barriers of each plan are placed between the same two barriers of the result, so that a device
/// can run them at the same time; there are as many barriers as in the plan with the most. Each
/// plan's dispatches keep their order. All buffers must be allocated; those that several plans read
/// appear once. Throws Error, naming the buffer, if a plan writes one that another uses.
Plan weave(std::span<const Strand> strands, std::string_view name);

}  // namespace pumice::hal
