#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "native/formats/picture.h"
#include "native/training/training_run.h"

namespace pumice::observers {

/// A grid of pictures that shows a model's progress after an epoch.
struct EpochPicture {
  std::string tag;  ///< "samples", "reconstructions"
  std::filesystem::path file;
  formats::Picture grid;
};

/// The pictures of an epoch, drawn once for all observers that use them.
class EpochPictures {
 public:
  /// The pictures of the epoch that the run has just completed. Empty for models without a decoder.
  const std::vector<EpochPicture>& of(TrainingRun& run);

 private:
  uint32_t epoch_ = 0;
  std::vector<EpochPicture> pictures_;
};

}  // namespace pumice::observers
