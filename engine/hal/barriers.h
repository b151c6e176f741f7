#pragma once

#include <vector>

#include "engine/hal/plan.h"

namespace pumice::hal {

/// For each dispatch of the plan, whether it needs a memory barrier before it: true if it reads
/// bytes that a dispatch since the last barrier wrote, or writes bytes that one read or wrote. The
/// end of a program needs no barrier, because the queue puts one between submissions.
std::vector<bool> barriers_before(const Plan& plan);

}  // namespace pumice::hal
