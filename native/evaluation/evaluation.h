#pragma once

#include <optional>
#include <string>
#include <vector>

#include "engine/metrics/likelihood.h"
#include "native/evaluation/features.h"
#include "native/formats/image.h"
#include "native/training/model_on_device.h"
#include "native/training/model_recipe.h"

namespace pumice {

struct EvaluationOptions {
  uint32_t samples = 10000;
  uint32_t repeats = 5;
  /// The test set: models have not seen it, and Lucic et al. ("Are GANs created equal?", 2018)
  /// compare with its 10,000 images.
  data::Split reference = data::Split::kTest;
  uint32_t neighbours = 1000;  ///< samples whose nearest training images are searched; 0: none
  uint32_t likelihood_images = 1000;  ///< of the test set; 0: no likelihood
  uint32_t likelihood_samples = 100;  ///< k
  metrics::Binarization binarization = metrics::Binarization::kRandom;
  uint64_t seed = 1;
};

/// A metric, and what it was measured on.
struct MeasuredMetric {
  std::string name;  ///< "fid"
  double mean = 0;
  std::optional<double> deviation;  ///< absent if it was measured once
  std::string basis;                ///< "5 repeats of 10000 samples, 10000 test images"
};

/// What a VAE's likelihood was estimated from.
struct LikelihoodBasis {
  bool is_binary = false;  ///< binary or binarized images; else grey, with a Gaussian decoder
  uint32_t samples = 0;    ///< k
  uint32_t images = 0;
};

struct Evaluation {
  std::vector<MeasuredMetric> metrics;
  double seconds = 0;                         ///< duration of the measurements
  std::optional<LikelihoodBasis> likelihood;  ///< absent without a likelihood
  /// Samples above their nearest training images, closest first; absent without neighbours.
  std::optional<formats::Image> neighbours;
};

const data::ImageSet& reference_of(const TrainingData& data, data::Split split);
/// "10000 test images".
std::string reference_text(const TrainingData& data, data::Split split);

/// Measures a model's samples and, for a VAE, its likelihood and reconstructions of test images.
/// `data` is the data that it was trained on. Throws Error as the measures do.
Evaluation evaluate(hal::Device& device, ModelOnDevice& model, const OpenExtractor& extractor,
                    const TrainingData& data, const EvaluationOptions& options,
                    const Notify& notify);

}  // namespace pumice
