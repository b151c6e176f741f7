#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "native/formats/image.h"
#include "native/training/training_run.h"

namespace pumice::observers {

/// A grid of images that shows a model's progress after an epoch.
struct EpochImage {
  std::string tag;  ///< "samples", "reconstructions"
  std::filesystem::path file;
  formats::Image grid;
};

/// The images of an epoch, drawn once for all observers that use them.
class EpochImages {
 public:
  /// The images of the epoch that the run has just ended. Empty for models without a decoder.
  const std::vector<EpochImage>& of(TrainingRun& run, uint32_t epoch);

 private:
  uint32_t epoch_ = 0;
  std::vector<EpochImage> images_;
};

}  // namespace pumice::observers
