#pragma once

#include "engine/metrics/estimate.h"
#include "engine/metrics/features.h"

namespace pumice::metrics {

/// exp(mean KL(p(class | picture) ‖ p(class))), from 1 to the number of classes (Salimans et al.,
/// "Improved techniques for training GANs", 2016): mean and deviation (np.std) over consecutive
/// splits of the samples. Of the extractor's classes: a figure of another classifier is another
/// figure. Throws Error when there are no splits, or more than samples, or rows that are no
/// probabilities.
Estimate inception_score(const Features& generated, uint32_t splits = 10);

}  // namespace pumice::metrics
