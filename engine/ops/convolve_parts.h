#pragma once

#include "engine/ops/conv_gemm.h"
#include "engine/ops/ops.h"

/// Convolutions of tensors larger than one binding of the device: see parts.h.
namespace pumice::ops {

/// Whether the weight fits in a binding, with channels padded to whole vec4s.
bool weight_fits(const ConvShape& shape, const hal::Limits& limits);

/// Whether the input and output images fit in a binding.
bool images_fit(const ConvShape& shape, const hal::Limits& limits);

/// The size in numbers of one image in the larger of the two.
uint64_t widest_image(const ConvShape& shape);

/// conv2d, tap by tap: each is a matrix product over as many input channels as fit.
Tensor conv2d_by_taps(const Tensor& x, const Tensor& weight, const ConvShape& shape,
                      const Conv2dOptions& options);

/// conv_transpose2d, tap by tap, each for as many output channels as fit.
Tensor conv_transpose2d_by_taps(const Tensor& x, const Tensor& weight, const ConvShape& shape,
                                const ConvTranspose2dOptions& options);

}  // namespace pumice::ops
