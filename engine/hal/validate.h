#pragma once

#include <optional>
#include <string>

#include "engine/hal/device.h"

namespace pumice::hal {

/// What is wrong with a plan for a device of these limits, as one line that names the dispatch;
/// empty when nothing is. Checks binding counts, sizes, alignments and ranges, params and
/// constants, grids, features, and WebGPU's rule that one buffer is never bound for reading and for
/// writing in the same dispatch. All backends call it from compile().
std::optional<std::string> validate(const Plan& plan, const Limits& limits);

}  // namespace pumice::hal
