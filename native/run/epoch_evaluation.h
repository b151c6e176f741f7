#pragma once

#include "engine/metrics/frechet.h"
#include "native/run/features.h"

namespace pumice {

/// Measures samples of a model every few epochs of its training.
class EpochEvaluation {
 public:
  /// Opens the extractor (see ExtractorChoice::open) and looks at the test pictures, unless the
  /// recipe ends before the first measurement. Throws Error, before any work, when samples or test
  /// pictures are too few or the extractor does not fit.
  EpochEvaluation(hal::Device& device, const Recipe& recipe, const data::ImageSet& test,
                  const std::string& data_folder, const Say& say);

  /// What figures are measured on and by: "2000 samples, 10000 test pictures, " and the extractor.
  /// Empty where the recipe ends before the first measurement.
  const std::string& basis() const { return basis_; }
  /// "fid" and "inception_score".
  static const std::vector<std::string>& figure_names();
  /// After so many epochs; not a number in those between.
  Figures measure(nn::Inference& inference, uint32_t epoch);

 private:
  Recipe::Evaluate options_;
  uint64_t seed_;
  OpenExtractor extractor_;
  metrics::Gaussian real_;
  std::string basis_;
};

}  // namespace pumice
