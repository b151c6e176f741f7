#include "kernels/random.h"
#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"
#include "engine/ops/parts.h"
#include "engine/ops/row_blocks.h"
#include "kernels/gaussian_sample.h"
#include "kernels/gaussian_sample_gradient.h"
#include "kernels/random_bits.h"

namespace pumice::ops {
namespace {

void require_step_state(std::string_view op, const Tensor& step_state) {
  require(step_state.dtype() == DType::kU32 && step_state.size() == 4,
          "{}: expects a step state u32[4], got {} {}", op, step_state.dtype(), step_state.shape());
}

using kernels::Distribution;

struct Draw {
  Distribution distribution;
  Tensor step_state;
  uint32_t stream = 0;
  float a = 0;
  float b = 0;
};

/// `first`: the index of the first element in the whole batch's tensor.
Tensor draw_run(const Draw& draw, const Shape& run, uint32_t first) {
  Graph& graph = draw.step_state.graph();
  Tensor y = graph.tensor(run, DType::kF32);
  graph.add({
      .kernel = &kernels::random,
      .inputs = {draw.step_state},
      .outputs = {y},
      .params = pack(kernels::RandomParams{
          .count = count(y), .first = first, .stream = draw.stream, .a = draw.a, .b = draw.b}),
      .constants = pack_constants(kernels::RandomConstants{
          .distribution = static_cast<uint32_t>(draw.distribution), .lanes = first % 4}),
      .grid = vec4_grid(y.size(), kernels::random, graph.limits()),
  });
  return y;
}

/// One stream for all runs of the result: its numbers do not depend on how it is split.
Tensor random(Distribution distribution, const Tensor& step_state, const Shape& shape, float a,
              float b) {
  const std::string name(kernels::name_of(distribution));
  require_step_state(name, step_state);
  Graph& graph = step_state.graph();
  const Draw draw{distribution, step_state, graph.next_stream(), a, b};
  Tensors blocks;
  for (const RowBlock& block : row_blocks(name, graph, shape)) {
    blocks.push_back(by_new_runs(graph, block.shape, [&](const Shape& run, uint32_t first) {
      return draw_run(draw, run, block.place + first);
    }));
  }
  return blocks.size() == 1 ? blocks[0] : join(blocks, shape);
}

}  // namespace

Tensor uniform(const Tensor& step_state, const Shape& shape, float low, float high) {
  return random(Distribution::kUniform, step_state, shape, low, high);
}

Tensor normal(const Tensor& step_state, const Shape& shape, float mean, float deviation) {
  return random(Distribution::kNormal, step_state, shape, mean, deviation);
}

Tensor random_bits(const Tensor& step_state, const Shape& shape) {
  require_step_state("random_bits", step_state);
  Graph& graph = step_state.graph();
  Tensor y = graph.tensor(shape, DType::kU32);
  graph.add({
      .kernel = &kernels::random_bits,
      .inputs = {step_state},
      .outputs = {y},
      .params = pack(kernels::RandomBitsParams{.count = count(y), .stream = graph.next_stream()}),
      .grid = vec4_grid(y.size(), kernels::random_bits, graph.limits()),
  });
  return y;
}

Tensor gaussian_sample(const Tensor& moments, const Tensor& noise) {
  uint32_t latent = latent_size("gaussian_sample", moments);
  require(noise.shape() == Shape({moments.shape()[0], latent}),
          "gaussian_sample: expects noise [{}, {}], got {}", moments.shape()[0], latent,
          noise.shape());
  Graph& graph = moments.graph();
  Tensor z = graph.tensor(noise.shape(), DType::kF32);
  auto gradient = [moments, noise, latent](const Tensors& dz) -> Tensors {
    Graph& graph = moments.graph();
    Tensor dx = graph.tensor(moments.shape(), DType::kF32);
    graph.add({
        .kernel = &kernels::gaussian_sample_gradient,
        .inputs = {moments, noise, dz[0]},
        .outputs = {dx},
        .params = pack(kernels::GaussianSampleGradientParams{.count = count(dx), .latent = latent}),
        .grid = vec4_grid(dx.size(), kernels::gaussian_sample_gradient, graph.limits()),
    });
    return {dx};
  };
  graph.add({
      .kernel = &kernels::gaussian_sample,
      .inputs = {moments, noise},
      .outputs = {z},
      .params = pack(kernels::GaussianSampleParams{.count = count(z), .latent = latent}),
      .grid = vec4_grid(z.size(), kernels::gaussian_sample, graph.limits()),
      .gradient = gradient,
      .differentiable = {moments},
  });
  return z;
}

}  // namespace pumice::ops
