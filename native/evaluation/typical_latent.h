#pragma once

#include <vector>

#include "engine/data/image_set.h"
#include "engine/models/inference.h"
#include "native/evaluation/extractor.h"

namespace pumice {

/// A latent whose image is a good example of what the model draws, of class 0 if it is conditional:
/// where the page begins. Chosen from 64: the encodings of the first test images (of class 0) or,
/// without `images`, the first samples of models::kTypicalSeed, truncated. With an extractor it is
/// the one whose image's class is the most certain (class 0, if the model is conditional and the
/// classes are the extractor's); with images the one that reconstructs its image best; otherwise
/// the one whose image correlates most with those of all, so that it shows what the model mostly
/// draws. Empty without images of class 0.
std::vector<float> typical_latent(models::Inference& inference, const data::ImageSet* images,
                                  const OpenExtractor* extractor);

}  // namespace pumice
