#pragma once

#include <span>

#include "engine/metrics/features.h"

namespace pumice::metrics {

/// The share of pictures that the extractor takes for the class in `labels` [N], which says whether
/// a conditional model draws what it was asked for (Shmelkov et al., "How good is my GAN?", 2018,
/// call it GAN-test; theirs is a classifier of real pictures too). Throws Error when there are no
/// pictures, not as many labels, or labels beyond the extractor's classes.
double class_accuracy(const Features& pictures, std::span<const uint32_t> labels);

}  // namespace pumice::metrics
