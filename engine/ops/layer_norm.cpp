#include "kernels/layer_norm.h"

#include <algorithm>

#include "engine/base/divide_up.h"
#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"
#include "engine/ops/parts.h"
#include "kernels/column_products.h"
#include "kernels/layer_norm_gradient.h"

namespace pumice::ops {
namespace {

constexpr uint32_t kThreadsForRows = 4096;

/// Threads that share a row: see shaders/include/rows.glsl.
uint32_t lanes_for(const hal::Limits& limits) { return limits.prefers.threads_per_row; }

hal::Grid lane_grid(const Tensor& x, const hal::Kernel& kernel) {
  const hal::Limits& limits = x.graph().limits();
  const uint64_t padded_rows = round_up(uint64_t{x.shape()[0]}, 4u);
  return grid_for(padded_rows * lanes_for(limits), kernel, limits);
}

Tensor mean_of_rows(const Tensor& x) { return mean(x, {1}, true); }

/// The number of chunks of rows whose sums are added up afterwards: enough threads, each with
/// several rows.
uint32_t chunks_of(const Tensor& x) {
  const uint32_t rows = x.shape()[0], quads = x.shape()[1] / 4;
  return std::max(1u, std::min(kThreadsForRows / quads, rows / 32));
}

/// Σ a · b along the columns of [rows, C] → [C]. C is a multiple of 4.
Tensor sum_of_products(const Tensor& a, const Tensor& b) {
  Graph& graph = a.graph();
  const uint32_t rows = a.shape()[0], channels = a.shape()[1], chunks = chunks_of(a);
  Tensor parts = graph.tensor({chunks, channels}, DType::kF32);
  graph.add({
      .kernel = &kernels::column_products,
      .inputs = {a, b},
      .outputs = {parts},
      .params = pack(kernels::ColumnProductsParams{
          .outer = 1, .reduced = rows, .inner = channels / 4, .chunks = chunks, .scale = 1}),
      .grid = vec4_grid(count(parts), kernels::column_products, graph.limits()),
  });
  Tensor total = sum(parts, {0});
  Tensor y = graph.view(total, {channels});
  graph.add({
      .inputs = {total},
      .outputs = {y},
      .gradient = [a, b](const Tensors& dy) -> Tensors {
        return {multiply(dy[0], b), multiply(dy[0], a)};
      },
      .differentiable = {a, b},
  });
  return y;
}

/// dx = r · (dn - mean(dn) - n · mean(dn · n)), with dn = dy · scale, or dy without a scale. Linear
/// and self-adjoint in dn.
Tensor gradient_for_x(const Tensor& dy, const Tensor& scale, const Tensor& n, const Tensor& r) {
  Graph& graph = n.graph();
  const bool has_scale = static_cast<bool>(scale);
  Tensor dx = graph.tensor(n.shape(), DType::kF32);
  graph.add({
      .kernel = &kernels::layer_norm_gradient,
      .inputs = {dy, has_scale ? scale : n, n, r},
      .outputs = {dx},
      .params = pack(kernels::LayerNormGradientParams{n.shape()[0], n.shape()[1] / 4}),
      .constants = {lanes_for(graph.limits()), has_scale},
      .grid = lane_grid(n, kernels::layer_norm_gradient),
      .gradient = [dy, scale, n, r, dx](const Tensors& up) -> Tensors {
        Tensor dn = scale ? multiply(dy, scale) : dy;
        Tensor mixed = add(multiply(up[0], mean_of_rows(multiply(dn, n))),
                           multiply(dn, mean_of_rows(multiply(up[0], n))));
        Tensor for_dn = gradient_for_x(up[0], {}, n, r);
        return {scale ? multiply(for_dn, scale) : for_dn,
                scale ? sum_of_products(for_dn, dy) : Tensor{}, negate(multiply(r, mixed)),
                divide(sum(multiply(up[0], dx), {1}, true), r)};
      },
  });
  return dx;
}

/// The gradients of x, scale and shift. All outputs of layer_norm.comp have gradients: higher
/// orders also need those of n and r.
Tensors gradients_for_inputs(const Tensors& up, const Tensor& scale, const Tensor& n,
                             const Tensor& r) {
  Tensors for_x;
  if (up[0]) for_x.push_back(gradient_for_x(up[0], scale, n, r));
  if (up[1]) for_x.push_back(gradient_for_x(up[1], {}, n, r));
  if (up[2]) {
    const float share = -1.0f / static_cast<float>(n.shape()[1]);
    for_x.push_back(multiply(n, affine(multiply(up[2], square(r)), share, 0)));
  }
  Tensor dx = for_x[0];
  for (size_t i = 1; i < for_x.size(); ++i) dx = add(dx, for_x[i]);
  if (!up[0]) return {dx, {}, {}};
  return {dx, sum_of_products(up[0], n), sum_to(up[0], scale.shape())};
}

Tensor layer_norm_by_vec4s(const Tensor& x, const Tensor& scale, const Tensor& shift,
                           float epsilon) {
  Graph& graph = x.graph();
  Tensor y = graph.tensor(x.shape(), DType::kF32);
  Tensor n = graph.tensor(x.shape(), DType::kF32);
  Tensor r = graph.tensor({x.shape()[0], 1}, DType::kF32);
  graph.add({
      .kernel = &kernels::layer_norm,
      .inputs = {x, scale, shift},
      .outputs = {y, n, r},
      .params = pack(kernels::LayerNormParams{x.shape()[0], x.shape()[1] / 4, epsilon}),
      .constants = {lanes_for(graph.limits())},
      .grid = lane_grid(x, kernels::layer_norm),
      .gradient = [scale, n,
                   r](const Tensors& up) { return gradients_for_inputs(up, scale, n, r); },
  });
  return y;
}

/// Rows that are not whole vec4s are rare in networks and take a slower path.
Tensor layer_norm_of_rows(const Tensor& x, const Tensor& scale, const Tensor& shift,
                          float epsilon) {
  if (!fits(x)) {
    return by_rows("layer_norm", {x}, 1, [&](const RowPart& part) {
      return layer_norm_of_rows(part.xs[0], scale, shift, epsilon);
    });
  }
  if (x.shape()[1] % 4 == 0) return layer_norm_by_vec4s(x, scale, shift, epsilon);
  Tensor centered = subtract(x, mean_of_rows(x));
  Tensor n = divide(centered, sqrt(affine(mean_of_rows(square(centered)), 1, epsilon)));
  return add(multiply(n, scale), shift);
}

}  // namespace

Tensor layer_norm(const Tensor& x, const Tensor& scale, const Tensor& shift, float epsilon) {
  require_f32("layer_norm", x);
  require(x.shape().rank() > 0, "layer_norm: expects x[…, C], got {}", x.shape());
  const uint32_t channels = x.shape()[-1];
  for (const Tensor& tensor : {scale, shift}) {
    require(tensor.shape() == Shape({channels}),
            "layer_norm: expects scale and shift [{}] for x{}, got {}", channels, x.shape(),
            tensor.shape());
  }
  Tensor rows = reshape(x, {count(x) / channels, channels});
  return reshape(layer_norm_of_rows(rows, scale, shift, epsilon), x.shape());
}

}  // namespace pumice::ops
