#pragma once

#include "engine/nn/layer.h"

namespace pumice::models {

/// How conditional networks are told a class.

/// The input of a network of pictures [height, width, channels] with `classes` (0: `picture`):
/// [height·width·channels + classes] where the first layer is linear, else [height, width,
/// channels + classes].
Shape conditioned_picture(const Shape& picture, uint32_t classes,
                          const std::vector<nn::Layer>& layers);

/// pictures [B, …] and labels u32 [B] → [B, input…], for an input that conditioned_picture() gave.
/// Gives the pictures where `classes` is 0. Throws Error when labels are missing or not wanted.
Tensor with_label_planes(const Tensor& pictures, const Tensor& labels, uint32_t classes,
                         const Shape& input);

/// features [B, n] and labels u32 [B] → [B, n + classes].
Tensor with_labels(const Tensor& features, const Tensor& labels, uint32_t classes);

}  // namespace pumice::models
