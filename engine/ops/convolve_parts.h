#pragma once

#include "engine/ops/conv_gemm.h"
#include "engine/ops/ops.h"

/// Convolutions of tensors larger than one binding of the device: see parts.h.
namespace pumice::ops {

/// Whether the weight can be bound, also with channels padded to whole vec4s.
bool weight_fits(const ConvShape& shape, const hal::Limits& limits);

/// Whether the pictures before and after can.
bool pictures_fit(const ConvShape& shape, const hal::Limits& limits);

/// The numbers that one picture takes in the larger of them.
uint64_t widest_picture(const ConvShape& shape);

/// conv2d, tap after tap: each is a product of matrices, over as many input channels as fit.
Tensor conv2d_by_taps(const Tensor& x, const Tensor& weight, const ConvShape& shape,
                      const Conv2dOptions& options);

/// conv_transpose2d, tap after tap, each for as many output channels as fit.
Tensor conv_transpose2d_by_taps(const Tensor& x, const Tensor& weight, const ConvShape& shape,
                                const ConvTranspose2dOptions& options);

}  // namespace pumice::ops
