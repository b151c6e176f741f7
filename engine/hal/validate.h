#pragma once

#include <optional>
#include <string>

#include "engine/hal/device.h"

namespace pumice::hal {

/// The first problem with a plan for a device with these limits, as one line that names the
/// dispatch; empty if there is none. Checks binding counts, sizes, alignments and ranges, params
/// and constants, grids, features, and WebGPU's rule that a buffer is never bound for both reading
/// and writing in the same dispatch.
std::optional<std::string> validate(const Plan& plan, const Limits& limits);

/// For compile() of all backends: throws Error with that problem.
void require_valid(const Plan& plan, const Limits& limits);

}  // namespace pumice::hal
