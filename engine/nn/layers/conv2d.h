#pragma once

#include "engine/nn/affine.h"
#include "engine/ops/ops.h"

namespace pumice::nn {

struct ConvOptions {
  uint32_t kernel = 3;  ///< edge
  uint32_t stride = 1;
  bool same = true;  ///< TensorFlow's "same" padding; else none
  AffineOptions affine = {};
  ops::Activation activation = ops::Activation::kNone;
  float slope = 0.2f;  ///< of leaky ReLU
};

/// x[B, H, W, in] → [B, H', W', out]. Weight [kernel, kernel, in, out], bias [out].
class Conv2d {
 public:
  Conv2d(Parameters& parameters, const std::string& name, uint32_t in, uint32_t out,
         const ConvOptions& options);

  Tensor operator()(const Tensor& x, const Pass& pass = {}) const;
  /// The same layer with another activation.
  Conv2d with_activation(ops::Activation activation) const;
  /// Of one picture [H, W, in], which without padding must not be smaller than the kernel.
  Shape output(const Shape& picture) const;

 private:
  ConvOptions options_;
  uint32_t out_;
  Affine affine_;
};

/// The transposed convolution: x[B, H, W, in] → [B, H', W', out]; "same" multiplies the extents by
/// the stride. Weight [kernel, kernel, out, in] as in Keras, bias [out].
class ConvTranspose2d {
 public:
  ConvTranspose2d(Parameters& parameters, const std::string& name, uint32_t in, uint32_t out,
                  const ConvOptions& options);

  Tensor operator()(const Tensor& x, const Pass& pass = {}) const;
  /// The same layer with another activation.
  ConvTranspose2d with_activation(ops::Activation activation) const;
  Shape output(const Shape& picture) const;  ///< of one picture [H, W, in]

 private:
  ConvOptions options_;
  uint32_t out_;
  Affine affine_;
};

}  // namespace pumice::nn
