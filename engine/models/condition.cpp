#include "engine/models/condition.h"

#include "engine/base/require.h"

namespace pumice::models {
namespace {

void check(const Tensor& labels, uint32_t classes) {
  require(static_cast<bool>(labels) || classes == 0,
          "network: expects labels of {} classes, got none", classes);
  require(!labels || classes > 0, "network: has no classes, got labels");
}

}  // namespace

Shape conditioned_image(const Shape& image, uint32_t classes,
                        const std::vector<nn::Layer>& layers) {
  if (classes == 0) return image;
  const bool is_flat = !layers.empty() && layers[0].type() == "linear";
  if (is_flat) return {static_cast<uint32_t>(image.size()) + classes};
  return {image[0], image[1], image[2] + classes};
}

Tensor with_label_planes(const Tensor& images, const Tensor& labels, uint32_t classes,
                         const Shape& input) {
  check(labels, classes);
  if (classes == 0) return images;
  const uint32_t batch = images.shape()[0];
  if (input.rank() == 1) {
    return with_labels(ops::reshape(images, {batch, input[0] - classes}), labels, classes);
  }
  Tensor planes = ops::reshape(ops::one_hot(labels, classes), {batch, 1, 1, classes});
  return ops::concat({ops::reshape(images, {batch, input[0], input[1], input[2] - classes}),
                      ops::broadcast_to(planes, {batch, input[0], input[1], classes})},
                     -1);
}

Tensor with_labels(const Tensor& features, const Tensor& labels, uint32_t classes) {
  check(labels, classes);
  if (classes == 0) return features;
  return ops::concat({features, ops::one_hot(labels, classes)}, -1);
}

}  // namespace pumice::models
