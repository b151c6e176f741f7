#include "engine/base/require.h"
#include "engine/ops/activation.h"
#include "engine/ops/gemm.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"

namespace pumice::ops {
namespace {

GemmShape gemm_shape(const Tensor& a, const Tensor& b, const MatmulOptions& options) {
  require_f32("matmul", a);
  require_f32("matmul", b);
  require(a.shape().rank() == 2 && b.shape().rank() == 2,
          "matmul: expects two matrices, got {} and {}", a.shape(), b.shape());
  const GemmShape shape{.m = a.shape()[options.transpose_a ? 1 : 0],
                        .n = b.shape()[options.transpose_b ? 0 : 1],
                        .k = a.shape()[options.transpose_a ? 0 : 1],
                        .transpose_a = options.transpose_a,
                        .transpose_b = options.transpose_b};
  require(b.shape()[options.transpose_b ? 1 : 0] == shape.k,
          "matmul: the inner extents of {}{} and {}{} differ", a.shape(),
          options.transpose_a ? " transposed" : "", b.shape(),
          options.transpose_b ? " transposed" : "");
  require(!options.bias || options.bias.shape() == Shape({shape.n}),
          "matmul: expects a bias of [{}], got {}", shape.n,
          options.bias ? options.bias.shape() : Shape());
  return shape;
}

/// With P = op(A)·op(B):  dA = dP·op(B)ᵀ and dB = op(A)ᵀ·dP, each transposed where A or B is stored
/// so.
Tensors matmul_gradient(const Tensor& dy, const Tensor& a, const Tensor& b, const Tensor& y,
                        const MatmulOptions& options) {
  Tensor dp = activation_gradient(dy, y, options.activation, options.slope);
  bool ta = options.transpose_a;
  bool tb = options.transpose_b;
  Tensor da = ta ? matmul(b, dp, {.transpose_a = tb, .transpose_b = true})
                 : matmul(dp, b, {.transpose_a = false, .transpose_b = !tb});
  Tensor db = tb ? matmul(dp, a, {.transpose_a = true, .transpose_b = ta})
                 : matmul(a, dp, {.transpose_a = !ta, .transpose_b = false});
  Tensors gradients = {da, db};
  if (options.bias) gradients.push_back(sum(dp, {0}));
  return gradients;
}

}  // namespace

Tensor matmul(const Tensor& a, const Tensor& b, const MatmulOptions& options) {
  const GemmShape shape = gemm_shape(a, b, options);
  Graph& graph = a.graph();
  Tensor y = graph.tensor({shape.m, shape.n}, DType::kF32);
  GemmLaunch launch = choose_gemm(shape,
                                  {.has_bias = static_cast<bool>(options.bias),
                                   .activation = static_cast<uint32_t>(options.activation),
                                   .slope = options.slope},
                                  graph.limits());
  Tensors differentiable = {a, b};
  if (options.bias) differentiable.push_back(options.bias);
  graph.add({
      .kernel = launch.kernel,
      .inputs = {a, b, options.bias ? options.bias : b},
      .outputs = {y},
      .params = launch.params,
      .constants = launch.constants,
      .grid = launch.grid,
      .gradient = [a, b, y, options](const Tensors& dy) -> Tensors {
        return matmul_gradient(dy[0], a, b, y, options);
      },
      .differentiable = differentiable,
  });
  return y;
}

Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias, Activation activation,
              float slope) {
  return matmul(x, weight,
                {.transpose_b = true, .bias = bias, .activation = activation, .slope = slope});
}

}  // namespace pumice::ops
