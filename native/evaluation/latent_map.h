#pragma once

#include "engine/data/image_set.h"
#include "engine/io/latent_map.h"
#include "engine/models/inference.h"
#include "native/evaluation/extractor.h"

namespace pumice {

/// A map of up to 5,000 test images, in their order, or of up to 2,000 if the latents would take
/// more than 100 kB. A latent number is kept if its mean varies between images by more than 0.01
/// ("active units": Burda et al., "Importance weighted autoencoders", 2016), at most 25 of them.
/// The axes are the latent's own if it has two numbers, and otherwise the first two principal
/// components. The model must have an encoder, and a latent of at least two numbers. Throws Error
/// if there are no images.
io::LatentMap map_of_images(models::Inference& inference, const data::ImageSet& images);

/// A map of 2,000 samples by the first two principal components of their features or, without an
/// extractor, of their images (see io::shrunk_image). Colours are the classes of a conditional
/// model, otherwise those that the extractor finds most likely.
io::LatentMap map_of_samples(models::Inference& inference, const OpenExtractor* extractor);

/// At most `most` of the points at `places` [N, 2], so that the first ones alone are as far apart
/// as all.
std::vector<uint32_t> scattered_points(std::span<const float> places, uint32_t most);

}  // namespace pumice
