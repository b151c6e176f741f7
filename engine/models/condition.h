#pragma once

#include "engine/nn/layer.h"

namespace pumice::models {

/// How class labels are fed to conditional networks.

/// The input shape of a network that takes pictures [height, width, channels] and `classes` labels:
/// [height·width·channels + classes] if the first layer is linear, otherwise [height, width,
/// channels + classes]. `picture` itself if `classes` is 0.
Shape conditioned_picture(const Shape& picture, uint32_t classes,
                          const std::vector<nn::Layer>& layers);

/// pictures [B, …] and labels u32 [B] → [B, input…], where `input` is from conditioned_picture().
/// Returns the pictures if `classes` is 0. Throws Error for missing or unexpected labels.
Tensor with_label_planes(const Tensor& pictures, const Tensor& labels, uint32_t classes,
                         const Shape& input);

/// features [B, n] and labels u32 [B] → [B, n + classes].
Tensor with_labels(const Tensor& features, const Tensor& labels, uint32_t classes);

}  // namespace pumice::models
