#pragma once

#include "engine/metrics/features.h"

namespace pumice::metrics {

/// The normal distribution fitted to a set of features.
struct Gaussian {
  uint32_t count = 0;              ///< samples that it was fitted to
  uint32_t size = 0;               ///< numbers per sample
  std::vector<double> mean;        ///< [size]
  std::vector<double> covariance;  ///< [size, size], divided by count - 1 as in np.cov
};

/// Throws Error unless there are more samples than numbers per sample (otherwise the covariance is
/// singular and a distance meaningless), and for features that are not finite.
Gaussian fit_gaussian(const Features& features);

/// The Fréchet distance of two Gaussians, squared, as is usual (FID; Heusel et al., "GANs trained
/// by a two time-scale update rule converge to a local Nash equilibrium", 2017): |m - m'|² + tr(C +
/// C' - 2·sqrt(C·C')). Handles constant features, such as dead ReLUs. Throws Error if the sizes
/// differ.
double frechet_distance(const Gaussian& one, const Gaussian& other);

/// FID∞, the limit of the distance as the number of samples grows (Chong and Forsyth, "Effectively
/// unbiased FID and Inception score and where to find them", 2020): a line is fitted to the FIDs of
/// random subsets of 15 sizes N, from min(5000, half) to all samples, as a function of 1/N, and
/// evaluated at 0. The bias from the number of real samples remains. May be negative if the true
/// distance is close to 0. Throws Error unless the smallest subset has more samples than numbers
/// per sample.
double frechet_distance_at_infinity(const Gaussian& real, const Features& generated, uint64_t seed);

}  // namespace pumice::metrics
