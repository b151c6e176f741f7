#pragma once

#include <span>

#include "engine/metrics/features.h"

namespace pumice::metrics {

/// The fraction of images that the extractor assigns to their class in `labels` [N]: whether a
/// conditional model draws the requested class. Shmelkov et al. ("How good is my GAN?", 2018) call
/// this GAN-test; they, too, use a classifier trained on real images. Throws Error if there are
/// no images, a different number of labels, or labels beyond the extractor's classes.
double class_accuracy(const Features& images, std::span<const uint32_t> labels);

}  // namespace pumice::metrics
