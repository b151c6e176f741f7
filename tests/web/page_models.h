#pragma once

#include <string>
#include <vector>

#include "tests/web/browser_case.h"

/// What the page of a BrowserCase is offered: models, and the images that it must show of them.
namespace pumice::test {

/// Latents of BrowserCase's model, [count, 3].
std::vector<float> tiny_latents(uint64_t seed, uint32_t first, uint32_t count,
                                float truncation = 1);

/// The list of models; samples and a path of BrowserCase's model, "tiny" in that list.
void write_samples(BrowserCase& browser);
/// Images of it at points.
void write_points(BrowserCase& browser);
/// NAME.u8, an image of `bytes` values, and NAME-again.f32, how the model reconstructs it.
void write_drawing(BrowserCase& browser, const std::string& name, size_t bytes);

// Each of the following writes a model and some of its images.

/// "deep", with enough latent numbers for directions.
void write_deep(hal::Device& device, BrowserCase& browser);
/// "flat", a colour model with two latent numbers, which has a plane to drag a point on.
void write_plane(hal::Device& device, BrowserCase& browser);
/// "other", which is like "tiny" and draws other images.
void write_other(hal::Device& device, BrowserCase& browser);
/// "wide", with more latent numbers.
void write_wide(hal::Device& device, BrowserCase& browser);
/// "large", with images so large that no texture holds 12 × 12 of them, or 16 in a row.
void write_large(hal::Device& device, BrowserCase& browser);
/// "named", a conditional model whose checkpoint names its classes.
void write_named(hal::Device& device, BrowserCase& browser);
/// "mapped", with a map of test images: x is z1, y is z2, and z0 is that of the nearest point.
/// "samples", a map of samples by their given places.
void write_map(BrowserCase& browser);
/// "flatmap": a map of the model of write_plane(), which must have been written.
void write_flat_map(BrowserCase& browser);

}  // namespace pumice::test
