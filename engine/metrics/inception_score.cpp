#include "engine/metrics/inception_score.h"

#include <cmath>

#include "engine/base/require.h"

namespace pumice::metrics {
namespace {

void require_probabilities(const Features& features) {
  require(features.count > 0 && features.classes > 0 &&
              features.probabilities.size() == uint64_t{features.count} * features.classes,
          "inception_score: expects samples with probabilities, got {} numbers for {} samples of "
          "{} classes",
          features.probabilities.size(), features.count, features.classes);
  for (size_t sample = 0; sample < features.count; ++sample) {
    double sum = 0;
    for (size_t i = 0; i < features.classes; ++i) {
      const float value = features.probabilities[sample * features.classes + i];
      require(value >= 0, "inception_score: expects probabilities, got {} in sample {}", value,
              sample);
      sum += value;
    }
    require(std::abs(sum - 1) < 1e-3,
            "inception_score: expects probabilities that sum to 1, got {} in sample {}", sum,
            sample);
  }
}

double times_log(double p) { return p > 0 ? p * std::log(p) : 0; }

/// KL(p(y|x) ‖ p(y)), averaged over x, is the entropy of the mean minus the mean entropy.
double score(const Features& features, size_t begin, size_t end) {
  const auto count = static_cast<double>(end - begin);
  std::vector<double> marginal(features.classes, 0);
  double divergence = 0;
  for (size_t sample = begin; sample < end; ++sample) {
    for (size_t i = 0; i < features.classes; ++i) {
      const double p = features.probabilities[sample * features.classes + i];
      marginal[i] += p / count;
      divergence += times_log(p) / count;
    }
  }
  for (double p : marginal) divergence -= times_log(p);
  return std::exp(divergence);
}

}  // namespace

Estimate inception_score(const Features& generated, uint32_t splits) {
  require_probabilities(generated);
  require(splits > 0 && splits <= generated.count,
          "inception_score: expects 1 … {} splits, at most one per sample, got {}", generated.count,
          splits);
  const uint64_t count = generated.count;
  std::vector<double> scores;
  for (uint64_t i = 0; i < splits; ++i) {
    scores.push_back(score(generated, i * count / splits, (i + 1) * count / splits));
  }
  return estimate_of(scores, Divisor::kCount);
}

}  // namespace pumice::metrics
