#include "engine/benchmark/ceilings.h"

#include <algorithm>

#include "engine/graph/step.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"
#include "kernels/multiply_adds.h"
#ifndef __wasm__
#include "kernels/cooperative_multiply_adds.h"
#include "kernels/shared.h"
#endif

namespace pumice::benchmark {
namespace {

// Milliseconds on a CPU and on a large GPU.
constexpr uint32_t kRounds = 256;
constexpr uint32_t kFewNumbers = 16;
constexpr uint32_t kMostNumbers = 64;
constexpr uint32_t kProductEdge = 768;
constexpr uint32_t kMatrixRounds = 64;
constexpr uint64_t kCopyBytes = 128u << 20;
constexpr uint32_t kSubmissions = 100;  // in a row, at least
constexpr double kMostSeconds = 5;

Measurement measurement(std::string name, std::string unit, std::vector<double> samples) {
  return {.name = std::move(name), .unit = std::move(unit), .samples = std::move(samples)};
}

/// 1e-9 of `amount` per second, from seconds.
std::vector<double> billions_per_second(std::vector<double> seconds, double amount) {
  for (double& value : seconds) value = amount / value * 1e-9;
  return seconds;
}

std::vector<double> microseconds(std::vector<double> seconds) {
  for (double& value : seconds) value *= 1e6;
  return seconds;
}

/// The speed of a step of `flops` operations.
Measurement operations(std::string name, double flops, hal::Device& device, const Step& step,
                       const Budget& budget) {
  return measurement(std::move(name), "GFLOP/s",
                     billions_per_second(seconds_of_plan(device, step.plan(), budget), flops));
}

Measurement multiply_adds_of(hal::Device& device, uint32_t numbers, const Budget& budget) {
  const uint32_t threads = device.limits().prefers.many_threads ? 1u << 20 : 1u << 16;
  Graph graph(device.limits());
  const Tensor sums = sums_of_multiply_adds(graph, threads, numbers, kRounds, 0.999f, 0.001f);
  const Step step(device, graph, "multiply-adds", {sums});
  const double flops = 2.0 * numbers * kRounds * threads;
  return operations("multiply-adds, f32", flops, device, step, budget);
}

/// A square product of matrices: on CPUs, the compiled loops can be slower than the code for
/// products. With AVX-512, 64 numbers are too few vectors to keep all units busy; SwiftShader
/// compiles the loops badly.
Measurement multiply_adds_of_product(hal::Device& device, const Budget& budget) {
  constexpr uint64_t kEdge = kProductEdge;
  Graph graph(device.limits());
  const Tensor x = graph.external(device.allocate(sizeof(float) * kEdge * kEdge, "product"),
                                  {kProductEdge, kProductEdge}, DType::kF32);
  const Step step(device, graph, "product", {ops::matmul(x, x, {})});
  const double flops = 2.0 * kEdge * kEdge * kEdge;
  return operations("multiply-adds, f32", flops, device, step, budget);
}

#ifdef __wasm__
std::optional<Measurement> matrices(hal::Device& /*device*/, const Budget& /*budget*/) {
  return std::nullopt;
}
#else
uint32_t subgroups_of(const hal::Limits& limits) {
  const uint32_t workgroups = limits.prefers.many_threads ? 4096 : 16;
  return workgroups * (kernels::kMatrixThreads / limits.subgroup_size);
}

std::optional<Measurement> matrices(hal::Device& device, const Budget& budget) {
  const hal::Limits& limits = device.limits();
  if (!has(limits, hal::Feature::kCooperativeMatrix)) return std::nullopt;
  const uint32_t count = subgroups_of(limits) * kernels::kMatrixSums;
  Graph graph(limits);
  const Tensor sums = sums_of_matrices(graph, count, kMatrixRounds, 0.5f, 0.25f);
  const Step step(device, graph, "matrices", {sums});
  const auto& [rows, columns, terms] = limits.matrix_size;
  const double flops = 2.0 * count * kMatrixRounds * rows * columns * terms;
  return operations("multiply-adds, f16 matrices", flops, device, step, budget);
}
#endif

/// By the code that suits the device best.
Measurement multiply_adds(hal::Device& device, Budget budget) {
  const bool is_gpu = device.limits().prefers.many_threads;  // where products do not beat the loops
  const bool has_any_loop = !has(device.limits(), hal::Feature::kCpuCode);
  budget.seconds /= 1 + (has_any_loop ? 1 : 0) + (is_gpu ? 0 : 1);
  std::vector<Measurement> found = {multiply_adds_of(device, kMostNumbers, budget)};
  if (has_any_loop) found.push_back(multiply_adds_of(device, kFewNumbers, budget));
  if (!is_gpu) found.push_back(multiply_adds_of_product(device, budget));
  return *std::ranges::max_element(
      found, {}, [](const Measurement& measured) { return measured.summary().median; });
}

/// Four numbers: as little as a dispatch can do.
Step empty_step(hal::Device& device) {
  Graph graph(device.limits());
  const Tensor y = ops::constant(graph, {4}, 0);
  return Step(device, graph, "empty", {y});
}

/// Microseconds per call; `seconds` times a number of calls.
std::vector<double> microseconds_each(uint32_t least, const Budget& budget,
                                      const std::function<double(uint32_t calls)>& seconds) {
  const uint32_t calls = calls_to_time(least, seconds);
  return microseconds(samples_within(budget, [&] { return seconds(calls) / calls; }));
}

Measurement submission(hal::Device& device, Step& empty, const Budget& budget) {
  Stopwatch stopwatch(device);
  return measurement("submission, of many in a row", "us",
                     microseconds_each(kSubmissions, budget, [&](uint32_t calls) {
                       return stopwatch.seconds([&] {
                         for (uint32_t i = 0; i < calls; ++i) empty.run();
                       });
                     }));
}

Measurement submission_and_wait(hal::Device& device, Step& empty, const Budget& budget) {
  Stopwatch stopwatch(device);
  return measurement("submission and wait", "us", microseconds_each(1, budget, [&](uint32_t calls) {
                       stopwatch.wait();
                       const double begin = now();
                       for (uint32_t i = 0; i < calls; ++i) {
                         empty.run();
                         stopwatch.wait();
                       }
                       return now() - begin;
                     }));
}

}  // namespace

Tensor sums_of_multiply_adds(Graph& graph, uint32_t count, uint32_t numbers, uint32_t rounds,
                             float a, float b) {
  Tensor y = graph.tensor({count}, DType::kF32);
  graph.add({.kernel = &kernels::multiply_adds,
             .outputs = {y},
             .params = pack(kernels::MultiplyAddsParams{count, rounds, a, b}),
             .constants = pack_constants(kernels::MultiplyAddsConstants{numbers}),
             .grid = ops::grid_for(count, kernels::multiply_adds, graph.limits())});
  return y;
}

#ifndef __wasm__
Tensor sums_of_matrices(Graph& graph, uint32_t count, uint32_t rounds, float a, float b) {
  const hal::Limits& limits = graph.limits();
  const auto& [rows, columns, terms] = limits.matrix_size;
  const uint32_t subgroups = count / kernels::kMatrixSums;
  Tensor y = graph.tensor({count}, DType::kF32);
  graph.add({.kernel = &kernels::cooperative_multiply_adds,
             .outputs = {y},
             .params = pack(kernels::CooperativeMultiplyAddsParams{rounds, a, b}),
             .constants = pack_constants(kernels::CooperativeMultiplyAddsConstants{
                 limits.subgroup_size, rows, columns, terms}),
             .grid = ops::grid_for(uint64_t{subgroups} * limits.subgroup_size,
                                   kernels::cooperative_multiply_adds, limits)});
  return y;
}
#endif

Measurement measure_copy(hal::Device& device, const Budget& budget) {
  const uint64_t bytes = std::min(kCopyBytes, device.limits().max_binding_bytes) / 256 * 256;
  Graph graph(device.limits());
  const Shape shape = {static_cast<uint32_t>(bytes / sizeof(float))};
  const Tensor x = graph.external(device.allocate(bytes, "copy"), shape, DType::kF32);
  const Step step(device, graph, "copy", {ops::affine(x, 1, 0)});
  return measurement("copy", "GB/s",
                     billions_per_second(seconds_of_plan(device, step.plan(), budget),
                                         2 * static_cast<double>(bytes)));
}

Ceilings measure_ceilings(hal::Device& device, double seconds) {
  const int count = has(device.limits(), hal::Feature::kCooperativeMatrix) ? 6 : 5;
  const Budget budget{.seconds = std::min(kMostSeconds, seconds) / count};
  Step empty = empty_step(device);
  return {.multiply_adds = multiply_adds(device, budget),
          .matrices = matrices(device, budget),
          .copy = measure_copy(device, budget),
          .dispatch = measurement("empty dispatch and barrier", "us",
                                  microseconds(seconds_of_plan(device, empty.plan(), budget))),
          .submission = submission(device, empty, budget),
          .wait = submission_and_wait(device, empty, budget)};
}

}  // namespace pumice::benchmark
