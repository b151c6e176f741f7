#pragma once

#include "engine/ops/unfold.h"

/// Convolutions with any number of channels, by the fastest method. conv2d, its gradients and their
/// gradients are built from these functions, whose nodes have no gradients of their own.
namespace pumice::ops {

/// activation(x * weight + bias), or its transpose: x[B, H, W, in], weight[kh, kw, in, out] (if
/// transposed, [kh, kw, out, in]) → [B, H', W', out].
Tensor convolve(const Tensor& x, const Tensor& weight, const ConvShape& shape,
                const Epilogue& epilogue);

/// The weight gradient of a convolution (not transposed), from the gradient dy[B, H', W', out] of
/// its result → [kh, kw, in, out].
Tensor convolve_weights(const Tensor& x, const Tensor& dy, const ConvShape& shape);

/// The gradient of a bias: the sum over all pixels, [B, H, W, C] → [C]. Gradients of any order.
Tensor sum_over_pixels(const Tensor& dy);

/// The gradients of x and weight, given that of the activation's input.
using ConvolutionRule = GradientRule<Tensors(const Tensor& dp)>;

/// convolve() with gradients for x, weight and, if present, bias. Throws Error if the shape of the
/// bias is not [out].
Tensor differentiable_convolution(std::string_view op, const Tensor& x, const Tensor& weight,
                                  const ConvShape& shape, const Epilogue& epilogue,
                                  const ConvolutionRule& rule);

/// Throws Error unless x is f32 [B, H, W, C] with at least one element.
void require_images(std::string_view op, const Tensor& x);

/// The gradients of `differentiable`, given that of the result y.
using ProductRule = GradientRule<Tensors(const Tensor& dy, const Tensor& y)>;

/// Attaches a gradient to `product`, a result of these nodes.
Tensor with_gradient(const Tensor& product, const Tensors& differentiable, const ProductRule& rule);

}  // namespace pumice::ops
