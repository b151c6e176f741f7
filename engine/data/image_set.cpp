#include "engine/data/image_set.h"

#include <algorithm>

#include "engine/base/require.h"

namespace pumice::data {

uint32_t ImageSet::classes() const {
  if (labels.empty()) return 0;
  if (!class_names.empty()) return static_cast<uint32_t>(class_names.size());
  return *std::max_element(labels.begin(), labels.end()) + 1u;
}

void require_known_labels(const ImageSet& images, const std::string& file) {
  const size_t classes = images.class_names.size();
  auto bad = std::find_if(images.labels.begin(), images.labels.end(),
                          [&](Label label) { return label >= classes; });
  if (bad == images.labels.end()) return;
  fail("{}: expected labels from 0 to {}, found {} for image {}", file, classes - 1, *bad,
       bad - images.labels.begin());
}

}  // namespace pumice::data
