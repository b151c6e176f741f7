#pragma once

#include "engine/models/inference.h"
#include "native/evaluation/extractor.h"

namespace pumice {

/// A range of a seed's samples, numbered as in models::normal_latents. Those of a conditional model
/// take its classes in turn.
struct SampleRange {
  uint64_t seed = 1;
  uint32_t first = 0;
  uint32_t count = 0;
  uint32_t keep = 0;  ///< the number of samples whose images are kept too
};

struct SampleFeatures {
  metrics::Features features;
  std::vector<float> images;     ///< [keep, height·width·channels], 0 … 1
  std::vector<uint32_t> labels;  ///< of a conditional model's samples; else empty
};

/// Draws samples and computes their features.
SampleFeatures features_of_samples(models::Inference& inference,
                                   metrics::FeatureExtractor& extractor, const SampleRange& range);

/// Computes the features of a data set, or reads them from the cache. Reports when it takes long.
metrics::Features features_of_images(const OpenExtractor& extractor, const data::ImageSet& images,
                                     const Notify& notify);

/// The first `count` rows, or all if there are fewer.
metrics::Features first_features(const metrics::Features& features, uint32_t count);

}  // namespace pumice
