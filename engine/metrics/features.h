#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/shape.h"

namespace pumice::metrics {

/// What an extractor sees in N pictures.
struct Features {
  uint32_t count = 0;                ///< N
  uint32_t size = 0;                 ///< numbers for one picture
  uint32_t classes = 0;              ///< that the extractor tells apart
  std::vector<float> values;         ///< [N, size]
  std::vector<float> probabilities;  ///< [N, classes], rows sum to 1
};

/// A trained network whose last hidden layer tells how alike pictures are: the classifier of a data
/// set, or Inception-v3.
class FeatureExtractor {
 public:
  virtual ~FeatureExtractor() = default;

  /// For people, who can compare figures of the same extractor only: "classifier-mnist (500
  /// features, 99.1 % right)".
  virtual const std::string& name() const = 0;
  virtual uint32_t size() const = 0;
  virtual uint32_t classes() const = 0;

  /// pictures [N, height·width·channels], 0 … 1, each of `picture` = [height, width, channels].
  /// Runs on the extractor's device and waits for it. Throws Error for pictures that it cannot
  /// take.
  virtual Features extract(std::span<const float> pictures, const Shape& picture) = 0;
};

}  // namespace pumice::metrics
