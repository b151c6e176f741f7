#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "native/formats/picture.h"
#include "native/training/training_run.h"

namespace pumice::observers {

/// A grid of pictures that shows how a model is doing after an epoch.
struct EpochPicture {
  std::string tag;  ///< "samples", "reconstructions"
  std::filesystem::path file;
  formats::Picture grid;
};

/// What is drawn after every epoch, drawn once for all observers that show it.
class EpochPictures {
 public:
  /// Of the epoch that the run has just completed. Empty for models that do not decode.
  const std::vector<EpochPicture>& of(TrainingRun& run);

 private:
  uint32_t epoch_ = 0;
  std::vector<EpochPicture> pictures_;
};

}  // namespace pumice::observers
