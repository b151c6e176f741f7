#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "engine/base/shape.h"

namespace pumice::metrics {

/// An extractor's outputs for N images.
struct Features {
  uint32_t count = 0;                ///< N
  uint32_t size = 0;                 ///< numbers per image
  uint32_t classes = 0;              ///< that the extractor distinguishes
  std::vector<float> values;         ///< [N, size]
  std::vector<float> probabilities;  ///< [N, classes], rows sum to 1
};

/// A trained network whose last hidden layer measures the similarity of images: a data set's
/// classifier, or Inception-v3.
class FeatureExtractor {
 public:
  virtual ~FeatureExtractor() = default;

  /// For users, as metrics are comparable only if they use the same extractor: "classifier-mnist
  /// (500 features, 99.1 % right)".
  virtual const std::string& name() const = 0;
  virtual uint32_t size() const = 0;
  virtual uint32_t classes() const = 0;

  /// images [N, height·width·channels], 0 … 1, each of `image` = [height, width, channels].
  /// Runs on the extractor's device and waits for it. Throws Error for images that it does not
  /// support.
  virtual Features extract(std::span<const float> images, const Shape& image) = 0;
};

}  // namespace pumice::metrics
