#pragma once

#include "engine/models/inference.h"
#include "native/evaluation/extractor.h"

namespace pumice {

/// Which samples of a seed: as models::normal_latents counts them. Those of a conditional model
/// take its classes in turn.
struct SampleRange {
  uint64_t seed = 1;
  uint32_t first = 0;
  uint32_t count = 0;
  uint32_t keep = 0;  ///< of how many the pictures are wanted too
};

struct SeenSamples {
  metrics::Features features;
  std::vector<float> pictures;   ///< [keep, height·width·channels], 0 … 1
  std::vector<uint32_t> labels;  ///< that a conditional model was asked for; else empty
};

/// Draws samples and looks at them.
SeenSamples see_samples(models::Inference& inference, metrics::FeatureExtractor& extractor,
                        const SampleRange& range);

/// Looks at a data set; what was seen is kept in the cache, so that the next time is fast. Says
/// when it takes long.
metrics::Features see_pictures(const OpenExtractor& extractor, const data::ImageSet& images,
                               const Say& say);

/// The first rows, at most as many as there are.
metrics::Features first_features(const metrics::Features& features, uint32_t count);

}  // namespace pumice
