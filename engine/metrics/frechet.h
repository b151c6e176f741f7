#pragma once

#include "engine/metrics/features.h"

namespace pumice::metrics {

/// The normal distribution nearest to some features.
struct Gaussian {
  uint32_t count = 0;              ///< of samples that it was fitted to
  uint32_t size = 0;               ///< of a sample
  std::vector<double> mean;        ///< [size]
  std::vector<double> covariance;  ///< [size, size], divided by count - 1 as in np.cov
};

/// Throws Error unless there are more samples than numbers in one: the covariance of fewer is
/// singular, and a distance from it a fiction. Also for features that are not finite.
Gaussian fit_gaussian(const Features& features);

/// The Fréchet distance of two Gaussians, squared as everyone reports it (FID; Heusel et al., "GANs
/// trained by a two time-scale update rule converge to a local Nash equilibrium", 2017):
/// |m - m'|² + tr(C + C' - 2·sqrt(C·C')). Features that never change, such as dead ReLUs, are no
/// obstacle. Throws Error when the sizes differ.
double frechet_distance(const Gaussian& one, const Gaussian& other);

/// FID∞, the distance that ever more samples would approach (Chong and Forsyth, "Effectively
/// unbiased FID and Inception score and where to find them", 2020): the FIDs of random subsets of
/// 15 sizes N, from min(5000, half) to all samples, lie on a line over 1/N; it is read at 0. The
/// bias by the number of real samples stays. May be below 0 where the true distance is next to 0.
/// Throws Error when the smallest subset has no more samples than numbers in one.
double frechet_distance_at_infinity(const Gaussian& real, const Features& generated, uint64_t seed);

}  // namespace pumice::metrics
