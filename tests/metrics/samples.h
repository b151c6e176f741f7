#pragma once

#include "engine/base/philox.h"
#include "engine/metrics/features.h"

namespace pumice::test {

/// Independent normal samples; each belongs to one class, in turn, with probability 1.
inline metrics::Features normal_features(uint32_t count, uint32_t size, uint32_t stream,
                                         double mean = 0, double deviation = 1) {
  constexpr uint32_t kClasses = 4;
  metrics::Features features{.count = count, .size = size, .classes = kClasses};
  PhiloxStream random(17, stream);
  for (uint32_t i = 0; i < count * size; ++i) {
    features.values.push_back(static_cast<float>(mean + deviation * random.normal()));
  }
  for (uint32_t i = 0; i < count * kClasses; ++i) {
    features.probabilities.push_back(i / kClasses % kClasses == i % kClasses ? 1 : 0);
  }
  return features;
}

}  // namespace pumice::test
