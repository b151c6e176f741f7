#include "engine/ops/row_loss.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "engine/base/divide_up.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "kernels/gaussian_kl_gradient.h"
#include "kernels/pointwise_loss_gradient.h"
#include "kernels/row_kl.h"
#include "kernels/row_kl_gradient.h"
#include "kernels/row_loss.h"
#include "kernels/row_loss_gradient.h"

namespace pumice::ops {
namespace {

// Of a thread. More threads should share longer rows: a batch may have few.
constexpr uint32_t kMostSteps = 64;

/// What computes the losses of rows alone, together with their gradient, and their gradient alone.
struct Kernels {
  const hal::Kernel* losses;
  const hal::Kernel* both;
  const hal::Kernel* gradient;
};

/// Of rows of `quads` vec4s each.
Node row_node(const hal::Kernel& kernel, const Tensors& inputs, uint32_t quads,
              const std::vector<uint32_t>& constants) {
  const uint32_t rows = inputs[0].shape()[0];
  const uint64_t threads = uint64_t{kernels::kLossThreads} * round_up(rows, 4u);
  return {.kernel = &kernel,
          .inputs = inputs,
          .params = pack(kernels::RowLossParams{.rows = rows, .quads = quads}),
          .constants = constants,
          .grid = grid_for(threads, kernel, inputs[0].graph().limits())};
}

Tensor row_sums(const Kernels& kernels, const Tensors& inputs, uint32_t quads,
                const std::vector<uint32_t>& constants, Gradient gradient) {
  Graph& graph = inputs[0].graph();
  Tensor y = graph.tensor({inputs[0].shape()[0]}, DType::kF32);
  Node node = row_node(*kernels.losses, inputs, quads, constants);
  node.outputs = {y};
  node.gradient = std::move(gradient);
  node.together_with = [=](const Node& later) -> std::optional<Node> {
    const bool is_own = later.kernel == kernels.gradient && later.constants == constants &&
                        later.inputs.size() >= inputs.size() &&
                        std::equal(inputs.begin(), inputs.end(), later.inputs.begin());
    if (!is_own) return std::nullopt;
    return row_node(*kernels.both, later.inputs, quads, constants);
  };
  graph.add(std::move(node));
  return y;
}

}  // namespace

bool sums_in_workgroups(const Graph& graph, uint64_t row) {
  return has(graph.limits(), hal::Feature::kFusedKernels) && graph.limits().has_barriers &&
         row % 4 == 0 && row <= uint64_t{4} * kernels::kLossThreads * kMostSteps;
}

Tensor row_losses(kernels::PointwiseLoss operation, const Tensor& x, const Tensor& target,
                  Gradient gradient) {
  constexpr Kernels kKernels = {&kernels::row_loss, &kernels::row_loss_gradient,
                                &kernels::pointwise_loss_gradient};
  const auto quads = static_cast<uint32_t>(x.size() / x.shape()[0] / 4);
  return row_sums(kKernels, {x, target}, quads, {static_cast<uint32_t>(operation)},
                  std::move(gradient));
}

Tensor row_divergences(const Tensor& moments, Gradient gradient) {
  constexpr Kernels kKernels = {&kernels::row_kl, &kernels::row_kl_gradient,
                                &kernels::gaussian_kl_gradient};
  return row_sums(kKernels, {moments}, moments.shape()[1] / 8, {}, std::move(gradient));
}

}  // namespace pumice::ops
