#include "engine/metrics/class_accuracy.h"

#include <algorithm>

#include "engine/base/require.h"

namespace pumice::metrics {

double class_accuracy(const Features& images, std::span<const uint32_t> labels) {
  require(!labels.empty() && labels.size() == images.count &&
              images.probabilities.size() == labels.size() * images.classes,
          "class_accuracy: expects images with probabilities and a label each, got {} images, {} "
          "probabilities, {} labels",
          images.count, images.probabilities.size(), labels.size());
  size_t right = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    require(labels[i] < images.classes, "class_accuracy: expects labels below {}, got {}",
            images.classes, labels[i]);
    const auto row = images.probabilities.begin() + static_cast<ptrdiff_t>(i * images.classes);
    right += std::max_element(row, row + images.classes) - row == labels[i] ? 1 : 0;
  }
  return double(right) / double(labels.size());
}

}  // namespace pumice::metrics
