#pragma once

#include <vector>

#include "engine/hal/plan.h"

namespace pumice::hal {

/// For each dispatch of the plan, whether a memory barrier has to stand before it: true where it
/// reads what a dispatch since the last barrier wrote, or writes what one read or wrote (ranges of
/// bytes that overlap). A program may be run again without a barrier between only because the queue
/// puts one between submissions.
std::vector<bool> barriers_before(const Plan& plan);

}  // namespace pumice::hal
