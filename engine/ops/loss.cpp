#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"
#include "engine/ops/parts.h"
#include "engine/ops/row_loss.h"
#include "kernels/gaussian_kl.h"
#include "kernels/gaussian_kl_gradient.h"
#include "kernels/pointwise_loss.h"
#include "kernels/pointwise_loss_gradient.h"

namespace pumice::ops {
namespace {

Tensor sum_of_rows(const Tensor& x) {
  uint32_t rows = x.shape()[0];
  return sum(reshape(x, {rows, static_cast<uint32_t>(x.size() / rows)}), {1});
}

Tensor pointwise_gradient(kernels::PointwiseLoss operation, const Tensor& x, const Tensor& target,
                          const Tensor& dy) {
  Graph& graph = x.graph();
  Tensor dx = graph.tensor(x.shape(), DType::kF32);
  auto row = static_cast<uint32_t>(x.size() / x.shape()[0]);
  graph.add({
      .kernel = &kernels::pointwise_loss_gradient,
      .inputs = {x, target, dy},
      .outputs = {dx},
      .params = pack(kernels::PointwiseLossGradientParams{.count = count(x), .row = row}),
      .constants = {static_cast<uint32_t>(operation)},
      .grid = vec4_grid(x.size(), kernels::pointwise_loss_gradient, graph.limits()),
  });
  return dx;
}

Gradient gradient_of(kernels::PointwiseLoss operation, const Tensor& x, const Tensor& target) {
  return [=](const Tensors& dy) -> Tensors {
    Tensor dx = pointwise_gradient(operation, x, target, dy[0]);
    bool symmetric = operation == kernels::PointwiseLoss::kSquaredError;
    return {dx, symmetric ? negate(dx) : Tensor{}};
  };
}

/// The losses of the elements have no gradient of their own; the node of the sums has it.
Tensor pointwise_loss(kernels::PointwiseLoss operation, const Tensor& x, const Tensor& target) {
  const std::string_view name = kernels::name_of(operation);
  require_f32(name, x);
  require_f32(name, target);
  require(x.shape() == target.shape() && x.shape().rank() > 0,
          "{}: expects prediction and target of one shape [B, …], got {} and {}", name, x.shape(),
          target.shape());
  if (!fits(x)) {
    return by_rows(name, {x, target}, 1, [&](const RowPart& part) {
      return pointwise_loss(operation, part.xs[0], part.xs[1]);
    });
  }
  Graph& graph = x.graph();
  if (sums_in_workgroups(graph, x.size() / x.shape()[0])) {
    return row_losses(operation, x, target, gradient_of(operation, x, target));
  }
  Tensor elements = graph.tensor(x.shape(), DType::kF32);
  graph.add({
      .kernel = &kernels::pointwise_loss,
      .inputs = {x, target},
      .outputs = {elements},
      .params = pack(kernels::PointwiseLossParams{.count = count(x)}),
      .constants = {static_cast<uint32_t>(operation)},
      .grid = vec4_grid(x.size(), kernels::pointwise_loss, graph.limits()),
  });
  Tensor sums = sum_of_rows(elements);
  Tensor y = graph.view(sums, sums.shape());
  graph.add({
      .inputs = {sums},
      .outputs = {y},
      .gradient = gradient_of(operation, x, target),
      .differentiable = {x, target},
  });
  return y;
}

Gradient divergence_gradient(const Tensor& moments, uint32_t latent) {
  return [=](const Tensors& dy) -> Tensors {
    Graph& graph = moments.graph();
    Tensor dx = graph.tensor(moments.shape(), DType::kF32);
    graph.add({
        .kernel = &kernels::gaussian_kl_gradient,
        .inputs = {moments, dy[0]},
        .outputs = {dx},
        .params = pack(kernels::GaussianKlGradientParams{.count = count(dx), .latent = latent}),
        .grid = vec4_grid(dx.size(), kernels::gaussian_kl_gradient, graph.limits()),
    });
    return {dx};
  };
}

}  // namespace

Tensor bce_with_logits(const Tensor& logits, const Tensor& target) {
  return pointwise_loss(kernels::PointwiseLoss::kBceWithLogits, logits, target);
}

Tensor bce(const Tensor& probability, const Tensor& target) {
  return pointwise_loss(kernels::PointwiseLoss::kBce, probability, target);
}

Tensor squared_error(const Tensor& prediction, const Tensor& target) {
  return pointwise_loss(kernels::PointwiseLoss::kSquaredError, prediction, target);
}

Tensor gaussian_kl(const Tensor& moments) {
  const uint32_t latent = latent_size("gaussian_kl", moments);
  Graph& graph = moments.graph();
  if (sums_in_workgroups(graph, latent)) {
    return row_divergences(moments, divergence_gradient(moments, latent));
  }
  Tensor elements = graph.tensor({moments.shape()[0], latent}, DType::kF32);
  graph.add({
      .kernel = &kernels::gaussian_kl,
      .inputs = {moments},
      .outputs = {elements},
      .params = pack(kernels::GaussianKlParams{.count = count(elements), .latent = latent}),
      .grid = vec4_grid(elements.size(), kernels::gaussian_kl, graph.limits()),
  });
  Tensor sums = sum_of_rows(elements);
  Tensor y = graph.view(sums, sums.shape());
  graph.add({.inputs = {sums},
             .outputs = {y},
             .gradient = divergence_gradient(moments, latent),
             .differentiable = {moments}});
  return y;
}

}  // namespace pumice::ops
