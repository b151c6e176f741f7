#include "engine/metrics/class_accuracy.h"

#include <algorithm>

#include "engine/base/require.h"

namespace pumice::metrics {

double class_accuracy(const Features& pictures, std::span<const uint32_t> labels) {
  require(
      !labels.empty() && labels.size() == pictures.count &&
          pictures.probabilities.size() == labels.size() * pictures.classes,
      "class_accuracy: expects pictures with probabilities and a label each, got {} pictures, {} "
      "probabilities, {} labels",
      pictures.count, pictures.probabilities.size(), labels.size());
  size_t right = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    require(labels[i] < pictures.classes, "class_accuracy: expects labels below {}, got {}",
            pictures.classes, labels[i]);
    const auto row = pictures.probabilities.begin() + static_cast<ptrdiff_t>(i * pictures.classes);
    right += std::max_element(row, row + pictures.classes) - row == labels[i] ? 1 : 0;
  }
  return double(right) / double(labels.size());
}

}  // namespace pumice::metrics
