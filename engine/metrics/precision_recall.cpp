#include "engine/metrics/precision_recall.h"

#include <algorithm>
#include <atomic>

#include "engine/base/require.h"
#include "engine/metrics/check.h"
#include "engine/metrics/distances.h"

namespace pumice::metrics {
namespace {

/// Squared distances of samples to their k-th neighbours.
std::vector<double> squared_radii(const Features& features, const Distances& distances,
                                  uint32_t k) {
  std::vector<double> radii(features.count);
  distances.for_each(features, [&](const Distances::Row& row) {
    radii[row.index()] = row.squared(row.nearest(k, row.index()).back().index);
  });
  return radii;
}

using Flags = std::vector<std::atomic<bool>>;

double share(const Flags& flags) {
  return static_cast<double>(std::count(flags.begin(), flags.end(), true)) / flags.size();
}

}  // namespace

ManifoldComparison compare_manifolds(const Features& real, const Features& generated,
                                     uint32_t neighbours) {
  require_alike("compare_manifolds", real, generated);
  require(neighbours > 0 && neighbours < real.count && neighbours < generated.count,
          "compare_manifolds: expects at least 1 neighbour and more samples than neighbours, "
          "got {} neighbours of {} real and {} generated samples",
          neighbours, real.count, generated.count);
  const Distances to_generated(generated);
  const auto real_radii = squared_radii(real, Distances(real), neighbours);
  const auto generated_radii = squared_radii(generated, to_generated, neighbours);

  Flags is_precise(generated.count);
  Flags is_recalled(real.count);
  Flags is_covered(real.count);
  std::atomic<uint64_t> inside = 0;
  to_generated.for_each(real, [&](const Distances::Row& row) {
    uint64_t inside_this = 0;
    for (uint32_t i = 0; i < generated.count; ++i) {
      if (row.is_below(i, real_radii[row.index()])) {
        is_precise[i] = true;
        ++inside_this;
      }
      if (row.is_below(i, generated_radii[i])) is_recalled[row.index()] = true;
    }
    is_covered[row.index()] = inside_this > 0;
    inside += inside_this;
  });
  return {.precision = share(is_precise),
          .recall = share(is_recalled),
          .density = static_cast<double>(inside) / neighbours / generated.count,
          .coverage = share(is_covered)};
}

}  // namespace pumice::metrics
