#pragma once

#include <filesystem>
#include <optional>

#include "engine/data/image_set.h"
#include "engine/metrics/features.h"
#include "native/training/load_data.h"

namespace pumice {

/// Features that an extractor computed from a data set, in a cache file named after the contents of
/// both: `extractors/features-<extractor>-<images>.safetensors`.
class FeatureCache {
 public:
  FeatureCache(uint64_t extractor, const data::ImageSet& images);

  /// nullopt if the file is missing or broken.
  std::optional<metrics::Features> read(const metrics::FeatureExtractor& extractor) const;
  /// Reports a failure to write instead of throwing: a full disk does not stop a measurement.
  void write(const metrics::Features& features, const Notify& notify) const;

 private:
  std::filesystem::path file_;  ///< empty without a cache
  uint32_t count_;
};

}  // namespace pumice
