#pragma once

#include <vector>

#include "engine/data/image_set.h"
#include "engine/models/inference.h"
#include "native/evaluation/extractor.h"

namespace pumice {

/// A latent whose image is a good example of what the model draws, of class 0 if it is conditional:
/// where the page begins. Chosen from 64: the encodings of the first test images (of class 0) or,
/// without `images`, the first samples of seed 1, truncated to 0.7. With an extractor it is the one
/// whose image's class is the most certain (class 0, if the model is conditional and the classes
/// are the extractor's); otherwise the one that reconstructs its image best. Empty if there is
/// neither an extractor nor any images, or no image of class 0.
std::vector<float> typical_latent(models::Inference& inference, const data::ImageSet* images,
                                  const OpenExtractor* extractor);

}  // namespace pumice
