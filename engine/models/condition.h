#pragma once

#include "engine/nn/layer.h"

namespace pumice::models {

/// How class labels are fed to conditional networks.

/// The input shape of a network that takes images [height, width, channels] and `classes` labels:
/// [height·width·channels + classes] if the first layer is linear, otherwise [height, width,
/// channels + classes]. `image` itself if `classes` is 0.
Shape conditioned_image(const Shape& image, uint32_t classes, const std::vector<nn::Layer>& layers);

/// images [B, …] and labels u32 [B] → [B, input…], where `input` is from conditioned_image().
/// Returns the images if `classes` is 0. Throws Error for missing or unexpected labels.
Tensor with_label_planes(const Tensor& images, const Tensor& labels, uint32_t classes,
                         const Shape& input);

/// features [B, n] and labels u32 [B] → [B, n + classes].
Tensor with_labels(const Tensor& features, const Tensor& labels, uint32_t classes);

}  // namespace pumice::models
