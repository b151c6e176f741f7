#pragma once

#include "engine/ops/unfold.h"

/// Convolutions of any channels, by whichever way is fast. What conv2d, its gradients and their
/// gradients are made of: the nodes here have no gradients of their own.
namespace pumice::ops {

/// activation(x * weight + bias), or its transpose: x[B, H, W, in], weight[kh, kw, in, out], if
/// transposed [kh, kw, out, in] → [B, H', W', out].
Tensor convolve(const Tensor& x, const Tensor& weight, const ConvShape& shape,
                const Epilogue& epilogue);

/// The gradient for the weight of a convolution (not a transposed one), from the gradient dy[B, H',
/// W', out] of its result → [kh, kw, in, out].
Tensor convolve_weights(const Tensor& x, const Tensor& dy, const ConvShape& shape);

/// The gradient of a bias: the sum over all pixels, [B, H, W, C] → [C], with all its gradients.
Tensor sum_over_pixels(const Tensor& dy);

/// The gradients of x and weight from that of what the activation was applied to.
using ConvolutionRule = GradientRule<Tensors(const Tensor& dp)>;

/// convolve() with a gradient for x, weight and the bias where there is one. Throws Error for a
/// bias of another shape than [out].
Tensor differentiable_convolution(std::string_view op, const Tensor& x, const Tensor& weight,
                                  const ConvShape& shape, const Epilogue& epilogue,
                                  const ConvolutionRule& rule);

/// Throws Error unless x is f32 [B, H, W, C] with at least one element.
void require_pictures(std::string_view op, const Tensor& x);

/// The gradients of `differentiable` from that of the result y.
using Rule = GradientRule<Tensors(const Tensor& dy, const Tensor& y)>;

/// `product`, a result of these nodes, as a tensor with a gradient.
Tensor with_gradient(const Tensor& product, const Tensors& differentiable, const Rule& rule);

}  // namespace pumice::ops
