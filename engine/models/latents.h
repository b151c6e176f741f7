#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace pumice::models {

/// Points of the latent space, computed on the host: the same numbers natively and in a browser, up
/// to the last digits of the system's log and cos.

/// Latents [count, size]: samples first … first+count-1 of `seed`. A sample does not depend on how
/// many are drawn: sample i is `size` standard normals of PhiloxStream(seed ^ kLatentSeed, i).
std::vector<float> normal_latents(uint64_t seed, uint32_t first, uint32_t count, uint32_t size);

/// "latent": keeps samples independent of initial weights with the same seed.
inline constexpr uint64_t kLatentSeed = 0x6c6174656e740000;

/// Moves latents towards the mean (truncation < 1), where images are more typical and less
/// varied, by scaling them, as StyleGAN does ("truncation trick", Karras et al., 2019). BigGAN
/// redraws numbers beyond a threshold instead, which would replace a sample by a different one.
void truncate(std::span<float> latents, double truncation);

/// Where a good example is looked for: samples of this seed, truncated so far.
inline constexpr uint64_t kTypicalSeed = 1;
inline constexpr float kTypicalTruncation = 0.7f;

/// Latents [count, size] from `a` to `b`, both included: on the straight line or, if `spherical`,
/// on the arc between them. In many dimensions normal samples are close to a sphere, and points
/// inside it decode poorly (White, "Sampling generative networks", 2016).
std::vector<float> interpolate(std::span<const float> a, std::span<const float> b, uint32_t count,
                               bool spherical);

/// Latents [side·side, size] between four corners, row by row from the top: interpolated down the
/// left and right edges, then across. Throws Error as interpolate() does.
std::vector<float> interpolate_corners(std::span<const float> top_left,
                                       std::span<const float> top_right,
                                       std::span<const float> bottom_left,
                                       std::span<const float> bottom_right, uint32_t side,
                                       bool spherical);

/// Latents [side·side, 2] on a grid over the plane, row by row from the top. Rows and columns are
/// equally spaced in probability under the normal distribution (Kingma and Welling's figure 4).
std::vector<float> manifold_latents(uint32_t side);

/// The quantile function of the standard normal distribution, for `p` between 0 and 1.
double inverse_normal_cdf(double p);

}  // namespace pumice::models
