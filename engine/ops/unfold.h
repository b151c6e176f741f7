#pragma once

#include "engine/ops/conv_gemm.h"
#include "engine/ops/ops.h"

/// What turns convolutions of few channels into products of matrices. None has a gradient: the
/// convolution that is made of them has.
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

/// The sums of what input pixels give to each output pixel: z[B·H·W, taps·out], its columns padded
/// to a multiple of four → activation(sums + bias): [B, H', W', out].
Tensor fold(const Tensor& z, const ConvShape& shape, const Epilogue& epilogue);

/// Each of the matrices [outer, rows, columns] transposed.
Tensor swap_last_axes(const Tensor& x);

}  // namespace pumice::ops
