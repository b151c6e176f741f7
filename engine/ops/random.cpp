#include "kernels/random.h"
#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"
#include "engine/ops/parts.h"
#include "kernels/gaussian_sample.h"
#include "kernels/gaussian_sample_gradient.h"
#include "kernels/random_bits.h"

namespace pumice::ops {
namespace {

void require_clock(std::string_view op, const Tensor& clock) {
  require(clock.dtype() == DType::kU32 && clock.size() == 4,
          "{}: expects a clock u32[4], got {} {}", op, clock.dtype(), clock.shape());
}

using kernels::Distribution;

/// One stream for all runs of the result: its numbers do not depend on how it is split.
Tensor random(Distribution distribution, const Tensor& clock, const Shape& shape, float a,
              float b) {
  require_clock(kernels::name_of(distribution), clock);
  Graph& graph = clock.graph();
  const uint32_t stream = graph.next_stream();
  return by_new_runs(graph, shape, [&](const Shape& run, uint32_t first) {
    Tensor y = graph.tensor(run, DType::kF32);
    graph.add({
        .kernel = &kernels::random,
        .inputs = {clock},
        .outputs = {y},
        .params = pack(kernels::RandomParams{
            .count = count(y), .first = first, .stream = stream, .a = a, .b = b}),
        .constants = {static_cast<uint32_t>(distribution)},
        .grid = vec4_grid(y.size(), kernels::random, graph.limits()),
    });
    return y;
  });
}

}  // namespace

Tensor uniform(const Tensor& clock, const Shape& shape, float low, float high) {
  return random(Distribution::kUniform, clock, shape, low, high);
}

Tensor normal(const Tensor& clock, const Shape& shape, float mean, float deviation) {
  return random(Distribution::kNormal, clock, shape, mean, deviation);
}

Tensor random_bits(const Tensor& clock, const Shape& shape) {
  require_clock("random_bits", clock);
  Graph& graph = clock.graph();
  Tensor y = graph.tensor(shape, DType::kU32);
  graph.add({
      .kernel = &kernels::random_bits,
      .inputs = {clock},
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
