#pragma once

#include "engine/metrics/estimate.h"
#include "engine/metrics/features.h"

namespace pumice::metrics {

/// exp(mean KL(p(class | image) ‖ p(class))), from 1 to the number of classes (Salimans et al.,
/// "Improved techniques for training GANs", 2016): mean and deviation (np.std) over consecutive
/// splits of the samples. Scores of different classifiers are not comparable. Throws Error if there
/// are no splits, more splits than samples, or rows that are not probabilities.
Estimate inception_score(const Features& generated, uint32_t splits = 10);

}  // namespace pumice::metrics
