#pragma once

#include <filesystem>
#include <optional>

#include "engine/data/image_set.h"
#include "engine/metrics/features.h"
#include "native/training/load_data.h"

namespace pumice {

/// What an extractor saw in a data set, in a file of the cache that is named after the contents of
/// both: `extractors/features-<extractor>-<pictures>.safetensors`.
class FeatureCache {
 public:
  FeatureCache(uint64_t extractor, const data::ImageSet& images);

  /// Nothing where it is missing or broken.
  std::optional<metrics::Features> read(const metrics::FeatureExtractor& extractor) const;
  /// Says so when it cannot be written: a full disk does not stop a measurement.
  void write(const metrics::Features& features, const Say& say) const;

 private:
  std::filesystem::path file_;  ///< empty where there is no cache
  uint32_t count_;
};

}  // namespace pumice
