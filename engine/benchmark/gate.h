#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/metrics.h"
#include "engine/benchmark/workload.h"

namespace pumice::benchmark {

/// A loss over a training's first steps: of each of the first ten, then means over ten steps each.
/// Incomplete tens at the end are left out.
struct LossCurve {
  std::string metric;
  std::vector<double> means;
};

std::vector<LossCurve> loss_curves(const Workload& workload, std::span<const Metrics> steps);

/// How far a loss may be from the reference's, relative to it. Devices round differently, and
/// training amplifies that from step to step.
struct Tolerance {
  double first = 0;   ///< at the first step
  double growth = 1;  ///< from each of the first ten steps to the next
  double later = 0;   ///< of the means after them; also the most within them

  /// At an index of LossCurve::means.
  double at(size_t index) const;
};

/// The curves of the same training on the reference device, and by how much others may differ.
struct Reference {
  std::vector<LossCurve> curves;
  Tolerance tolerance;
};

/// From the table in reference_losses.cpp.
const Reference& reference_of(const Workload& workload);

enum class Validity : uint8_t {
  kValid,
  kWrong,      ///< a loss is not finite or too far from the reference's
  kUnchecked,  ///< the batch differs from the reference's
};

/// "valid", "wrong" or "unchecked".
std::string_view name(Validity validity);

/// What comparing the losses gave.
struct Verdict {
  Validity validity = Validity::kUnchecked;
  uint32_t steps = 0;            ///< compared
  double largest_deviation = 0;  ///< relative to the tolerance: more than 1 is wrong
  std::string text;              ///< one line
  std::vector<LossCurve> curves;
};

/// Compares as many steps as there are, up to those of the reference.
Verdict judge(const Workload& workload, const Reference& reference, std::span<const Metrics> steps);

}  // namespace pumice::benchmark
