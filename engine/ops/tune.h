#pragma once

#include <functional>

#include "engine/ops/tuned.h"

namespace pumice::ops {

/// Seconds that a device takes for one run of a choice. Measurements that turn out to be much
/// larger than `best` may be rough.
using Measure =
    std::function<double(const Problem& problem, const CoreChoice& choice, double best)>;

/// How long tune() may take; `now` reads a clock, in seconds.
struct TuneBudget {
  double seconds = 20;
  std::function<double()> now;
};

/// What tune() found, and for how many keys.
struct TuneResult {
  hal::Tuning::Choices choices;  ///< one for each wanted key
  uint32_t measured = 0;
  uint32_t alone = 0;    ///< with one candidate; the time was up for those in neither
  uint32_t changed = 0;  ///< differ from the rule
};

/// The fastest candidate of each wanted problem. The rule's choice stays unless another is faster
/// by more than 3 %, and where the time does not suffice for all candidates; expensive problems
/// come first.
TuneResult tune(const hal::Tuning::Wanted& wanted, const hal::Limits& limits,
                const Measure& measure, const TuneBudget& budget);

/// Measures on the device, with noise as operands: programs of several runs, each with the sum of
/// its parts and the barriers before and after. `device` must outlive it. A choice that does not
/// fit in memory takes forever.
Measure measure_on(hal::Device& device);

/// The seconds of a steady clock.
double steady_seconds();

}  // namespace pumice::ops
