#pragma once

#include <cstdint>
#include <span>
#include <vector>

namespace pumice::models {

/// Points of the latent space, drawn and computed on the host: the same numbers (within the last
/// digits of a system's log and cos) natively and in a browser.

/// Latents [count, size]: of `seed` the samples first … first+count-1. Sample i of a seed is the
/// same however many are drawn: `size` standard normals of PhiloxStream(seed ^ kLatentSeed, i).
std::vector<float> normal_latents(uint64_t seed, uint32_t first, uint32_t count, uint32_t size);

/// "latent": keeps samples apart from initial weights of the same seed.
inline constexpr uint64_t kLatentSeed = 0x6c6174656e740000;

/// Brings latents nearer to the middle (truncation < 1), where pictures are more typical and less
/// varied: multiplies them, as StyleGAN does ("truncation trick", Karras et al., 2019). BigGAN's
/// way, to draw numbers beyond a threshold again, would replace a sample by another one.
void truncate(std::span<float> latents, double truncation);

/// Latents [count, size] from `a` to `b`, both included. On the straight line, or, if `spherical`,
/// on the arc between them: in many dimensions normal samples lie near a sphere, and what lies
/// within it decodes badly (White, "Sampling generative networks", 2016).
std::vector<float> interpolate(std::span<const float> a, std::span<const float> b, uint32_t count,
                               bool spherical);

/// Latents [side·side, size] between four corners, row by row from the top: interpolated down the
/// left and the right edge, then from edge to edge. Throws Error as interpolate() does.
std::vector<float> interpolate_corners(std::span<const float> top_left,
                                       std::span<const float> top_right,
                                       std::span<const float> bottom_left,
                                       std::span<const float> bottom_right, uint32_t side,
                                       bool spherical);

/// Latents [side·side, 2] on a grid over the plane, row by row from the top: each row and each
/// column holds an equal share of the normal distribution (Kingma and Welling's figure 4).
std::vector<float> manifold_latents(uint32_t side);

/// The x below which a share `p` (between 0 and 1) of the standard normal distribution lies.
double inverse_normal_cdf(double p);

}  // namespace pumice::models
