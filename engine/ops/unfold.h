#pragma once

#include "engine/ops/conv_gemm.h"
#include "engine/ops/ops.h"

/// Helpers for convolutions, mostly to turn those with few channels into matrix products. They have
/// no gradients; the convolution built from them has.
namespace pumice::ops {

/// Applied to each sum before it is stored: activation(sum + bias), or sum · activation'(v).
struct Epilogue {
  Tensor bias = {};  ///< [channels]; optional
  Activation activation = Activation::kNone;
  float slope = 0;
  /// v, of the size of the sums: what activation_derivative() in activation.glsl takes. Not with a
  /// bias, nor for fold().
  Tensor derivative_at = {};

  static Epilogue derivative(const Tensor& v, uint32_t activation, float slope) {
    return {{}, static_cast<Activation>(activation), slope, v};
  }
  bool is_plain() const { return !bias && !derivative_at && activation == Activation::kNone; }
  /// What a kernel binds; absent if it binds nothing.
  const Tensor& operand() const { return derivative_at ? derivative_at : bias; }
  GemmEpilogue for_gemm() const {
    return {.operand = derivative_at ? SumOperand::kDerivative
                       : bias        ? SumOperand::kBias
                                     : SumOperand::kUnused,
            .activation = static_cast<uint32_t>(activation),
            .slope = slope};
  }
};

/// The terms of each output pixel: x[B, H, W, in] → [B·H'·W', taps·in], with columns padded with
/// zeros to a multiple of four.
Tensor unfold(const Tensor& x, const ConvShape& shape);

/// The maximum number of output channels of fold().
constexpr uint32_t kFoldChannels = 4;

/// Numbers per tap in a row of z: one for a single channel, else four; the last may be unused.
constexpr uint32_t fold_channels(uint32_t channels) { return channels == 1 ? 1 : kFoldChannels; }

/// Numbers in a row of z, without padding.
inline uint32_t fold_columns(const ConvShape& shape) {
  return shape.taps() * fold_channels(shape.out_channels);
}

/// Adds up the contributions of the input pixels to each output pixel: z[B·H·W,
/// taps·fold_channels(out)], with columns padded to a multiple of four → activation(sums + bias):
/// [B, H', W', out].
Tensor fold(const Tensor& z, const ConvShape& shape, const Epilogue& epilogue);

/// The sum over the first axis, in order: [parts, rows, columns] → [rows, columns]. rows · columns
/// must be a multiple of four.
Tensor sum_parts(const Tensor& x);

/// Each of the matrices [outer, rows, columns] transposed.
Tensor swap_last_axes(const Tensor& x);

}  // namespace pumice::ops
