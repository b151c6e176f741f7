#pragma once

#include <span>

#include "engine/metrics/features.h"

namespace pumice::metrics {

/// `size` of `count` indices without repetition, in random order, determined by (seed, stream).
/// `size` is at most `count`.
std::vector<uint32_t> random_subset(uint32_t count, uint32_t size, uint64_t seed, uint32_t stream);

/// The values of the samples at `indices`; without probabilities.
Features take_samples(const Features& features, std::span<const uint32_t> indices);

}  // namespace pumice::metrics
