#pragma once

#include "engine/ops/conv_gemm.h"
#include "engine/ops/ops.h"

/// Helpers of convolutions, mostly to turn those of few channels into products of matrices. None
/// has a gradient: the convolution that is made of them has.
namespace pumice::ops {

/// What becomes of each sum before it is stored: activation(sum + bias).
struct Epilogue {
  Tensor bias = {};  ///< [channels], may be absent
  Activation activation = Activation::kNone;
  float slope = 0;
};

/// The terms of each output pixel: x[B, H, W, in] → [B·H'·W', taps·in], its columns padded with
/// zeros to a multiple of four.
Tensor unfold(const Tensor& x, const ConvShape& shape);

/// The most channels that fold() gives.
constexpr uint32_t kFoldChannels = 4;

/// Numbers that a row of z has for each tap: one for one channel, else four, the last ones unused.
constexpr uint32_t fold_channels(uint32_t channels) { return channels == 1 ? 1 : kFoldChannels; }

/// Numbers that a row of z has, without padding.
inline uint32_t fold_columns(const ConvShape& shape) {
  return shape.taps() * fold_channels(shape.out_channels);
}

/// The sums of what input pixels give to each output pixel: z[B·H·W, taps·fold_channels(out)], its
/// columns padded to a multiple of four → activation(sums + bias): [B, H', W', out].
Tensor fold(const Tensor& z, const ConvShape& shape, const Epilogue& epilogue);

/// The sum over the first axis, in its order: [parts, rows, columns] → [rows, columns], which have
/// a multiple of four elements.
Tensor sum_parts(const Tensor& x);

/// Each of the matrices [outer, rows, columns] transposed.
Tensor swap_last_axes(const Tensor& x);

}  // namespace pumice::ops
