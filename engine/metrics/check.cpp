#include "engine/metrics/check.h"

#include <algorithm>
#include <cmath>

#include "engine/base/require.h"

namespace pumice::metrics {

void require_features(std::string_view who, const Features& features) {
  require(features.count > 0 && features.size > 0 &&
              features.values.size() == uint64_t{features.count} * features.size,
          "{}: expects samples with features, got {} numbers for {} samples of {}", who,
          features.values.size(), features.count, features.size);
  const auto bad = std::find_if_not(features.values.begin(), features.values.end(),
                                    [](float value) { return std::isfinite(value); });
  if (bad == features.values.end()) return;
  const auto sample = (bad - features.values.begin()) / features.size;
  fail("{}: expects finite features, got {} in sample {}", who, *bad, sample);
}

void require_alike(std::string_view who, const Features& one, const Features& other) {
  require_features(who, one);
  require_features(who, other);
  require(one.size == other.size,
          "{}: expects features of one extractor, got {} and {} numbers for an image", who,
          one.size, other.size);
}

}  // namespace pumice::metrics
