#pragma once

#include <map>
#include <span>

#include "native/sweeps/run_result.h"

namespace pumice {

/// The minutes of training, in all, that a run gets which begins or resumes now: of the sweep's
/// minutes, what is left by runs that are over and by those that are `active`, by their minutes, in
/// equal parts for the others; and never less than the sweep's minutes_of_run().
double minutes_of_next_run(const Sweep& sweep, std::span<const RunResult> results,
                           const std::map<size_t, double>& active);

}  // namespace pumice
