#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"
#include "kernels/scale_shift.h"
#include "kernels/standardize.h"
#include "kernels/standardize_gradient.h"

namespace pumice::ops {
namespace {

/// Threads that share a row: see shaders/include/rows.glsl.
uint32_t lanes_for(const hal::Limits& limits) {
  return limits.type == hal::DeviceType::kCpu ? 1 : 64;
}

hal::Grid row_grid(const Tensor& x, const hal::Kernel& kernel) {
  const hal::Limits& limits = x.graph().limits();
  const uint64_t padded_rows = (uint64_t{x.shape()[0]} + 3) / 4 * 4;
  return grid_for(padded_rows * lanes_for(limits), kernel, limits);
}

Tensor mean_of_rows(const Tensor& x) { return mean(x, {1}, true); }

/// dx = r · (dn - mean(dn) - n · mean(dn · n)): linear in dn, and its own transpose there.
Tensor standardize_gradient(const Tensor& dn, const Tensor& n, const Tensor& r) {
  Graph& graph = n.graph();
  Tensor dx = graph.tensor(n.shape(), DType::kF32);
  graph.add({
      .kernel = &kernels::standardize_gradient,
      .inputs = {dn, n, r},
      .outputs = {dx},
      .params = pack(kernels::StandardizeGradientParams{n.shape()[0], n.shape()[1] / 4}),
      .constants = {lanes_for(graph.limits())},
      .grid = row_grid(n, kernels::standardize_gradient),
      .gradient = [dn, n, r, dx](const Tensors& up) -> Tensors {
        Tensor mixed = add(multiply(up[0], mean_of_rows(multiply(dn, n))),
                           multiply(dn, mean_of_rows(multiply(up[0], n))));
        return {standardize_gradient(up[0], n, r), negate(multiply(r, mixed)),
                divide(sum(multiply(up[0], dx), {1}, true), r)};
      },
  });
  return dx;
}

/// Both outputs of standardize.comp have gradients, for those of higher order need that of r too.
Tensors gradient_for_input(const Tensors& upstream, const Tensor& n, const Tensor& r) {
  Tensor dx = upstream[0] ? standardize_gradient(upstream[0], n, r) : Tensor{};
  if (!upstream[1]) return {dx};
  const float scale = -1.0f / static_cast<float>(n.shape()[1]);
  Tensor through_r = multiply(n, affine(multiply(upstream[1], square(r)), scale, 0));
  return {dx ? add(dx, through_r) : through_r};
}

Tensor standardize_by_vec4s(const Tensor& x, float epsilon) {
  Graph& graph = x.graph();
  Tensor n = graph.tensor(x.shape(), DType::kF32);
  Tensor r = graph.tensor({x.shape()[0], 1}, DType::kF32);
  graph.add({
      .kernel = &kernels::standardize,
      .inputs = {x},
      .outputs = {n, r},
      .params = pack(kernels::StandardizeParams{x.shape()[0], x.shape()[1] / 4, epsilon}),
      .constants = {lanes_for(graph.limits())},
      .grid = row_grid(x, kernels::standardize),
      .gradient = [n, r](const Tensors& dy) { return gradient_for_input(dy, n, r); },
  });
  return n;
}

/// Rows x[rows, C] with mean 0 and variance 1. Rows that are not whole vec4s are rare in networks
/// and take the longer way.
Tensor standardize(const Tensor& x, float epsilon) {
  if (x.shape()[1] % 4 == 0) return standardize_by_vec4s(x, epsilon);
  Tensor centered = subtract(x, mean_of_rows(x));
  return divide(centered, sqrt(affine(mean_of_rows(square(centered)), 1, epsilon)));
}

/// x[rows, C] · scale + shift.
Tensor scale_shift(const Tensor& x, const Tensor& scale, const Tensor& shift) {
  if (x.shape()[1] % 4 != 0) return add(multiply(x, scale), shift);
  Graph& graph = x.graph();
  Tensor y = graph.tensor(x.shape(), DType::kF32);
  graph.add({
      .kernel = &kernels::scale_shift,
      .inputs = {x, scale, shift},
      .outputs = {y},
      .params = pack(kernels::ScaleShiftParams{.count = count(x), .quads = x.shape()[1] / 4}),
      .grid = vec4_grid(count(x), kernels::scale_shift, graph.limits()),
      .gradient = [x, scale](const Tensors& dy) -> Tensors {
        return {multiply(dy[0], scale), sum_to(multiply(dy[0], x), scale.shape()),
                sum_to(dy[0], scale.shape())};
      },
  });
  return y;
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
  Tensor n = standardize(reshape(x, {count(x) / channels, channels}), epsilon);
  return reshape(scale_shift(n, scale, shift), x.shape());
}

}  // namespace pumice::ops
