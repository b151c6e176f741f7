#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

#include "engine/base/philox.h"
#include "engine/graph/step.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"
#include "kernels/test_normals.h"
#include "kernels/test_philox.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/op_test.h"
#include "tests/support/transfer.h"

namespace pumice::test {
namespace {

using Words = std::vector<uint32_t>;

template <typename T>
std::vector<T> read(Step& step, const Tensor& tensor) {
  std::vector<T> values = values_of<T>(step.read(tensor)->take());
  values.resize(tensor.size());
  return values;
}

/// The words from which random.comp computes its numbers.
Words expected_bits(uint64_t count, uint32_t step, uint64_t seed, uint32_t stream) {
  Words all;
  for (uint32_t i = 0; all.size() < count; ++i) {
    auto block = philox({i, stream, step, 0},
                        {static_cast<uint32_t>(seed), static_cast<uint32_t>(seed >> 32)});
    all.insert(all.end(), block.begin(), block.end());
  }
  all.resize(count);
  return all;
}

double uniform_of(uint32_t bits) { return (bits >> 8) * 0x1p-24; }

/// The Box-Muller transform of whole blocks of four words.
std::vector<double> expected_normals(const Words& bits) {
  std::vector<double> all;
  for (size_t i = 0; i + 1 < bits.size(); i += 2) {
    double radius = std::sqrt(-2 * std::log(1 - uniform_of(bits[i])));
    double angle = 2 * std::numbers::pi * uniform_of(bits[i + 1]);
    all.push_back(radius * std::cos(angle));
    all.push_back(radius * std::sin(angle));
  }
  return all;
}

// Random123's known answers for philox4x32-10: four counters, two keys, four results.
constexpr std::array<std::array<uint32_t, 10>, 3> kKnownAnswers = {{
    {0, 0, 0, 0, 0, 0, 0x6627e8d5, 0xe169c58d, 0xbc57ac4c, 0x9b00dbd8},
    {0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff, 0x408f276d, 0x41c83b0e,
     0xa20bc7c6, 0x6d5451fd},
    {0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344, 0xa4093822, 0x299f31d0, 0xd16cfe09, 0x94fdcceb,
     0x5001e420, 0x24126ea1},
}};

TEST(Philox, GivesTheKnownAnswers) {
  for (const auto& row : kKnownAnswers) {
    std::array<uint32_t, 4> expected = {row[6], row[7], row[8], row[9]};
    EXPECT_EQ(philox({row[0], row[1], row[2], row[3]}, {row[4], row[5]}), expected);
  }
}

DEVICE_TEST(Random, GivesTheKnownAnswersOfPhilox) {
  Words counters, keys, expected;
  for (const auto& row : kKnownAnswers) {
    counters.insert(counters.end(), row.begin(), row.begin() + 4);
    keys.insert(keys.end(), {row[4], row[5], 0, 0});
    expected.insert(expected.end(), row.begin() + 6, row.end());
  }
  Graph graph(device.limits());
  Tensor bits = graph.tensor({12}, DType::kU32);
  graph.add({.kernel = &kernels::test_philox,
             .inputs = {words(device, graph, counters), words(device, graph, keys)},
             .outputs = {bits},
             .params = pack(kernels::TestPhiloxParams{.count = 3})});
  Step step(device, graph, "philox", {bits});
  step.run();
  EXPECT_EQ(read<uint32_t>(step, bits), expected);
}

DEVICE_TEST(Random, HasTheBitsOfTheHost) {
  constexpr uint64_t kSeed = 0xfedcba9876543210;
  for (uint32_t at : {0u, 1u, 12345u, 0xffffffffu}) {
    Graph graph(device.limits());
    Tensor step_state = words(device, graph, {at, 0x76543210, 0xfedcba98, 0});
    Tensors bits;
    for (uint32_t size : {1u, 255u, 256u, 257u, 4099u}) {
      bits.push_back(ops::random_bits(step_state, {size}));
    }
    Step step(device, graph, "bits", bits);
    step.run();
    for (uint32_t stream = 0; stream < bits.size(); ++stream) {
      EXPECT_EQ(read<uint32_t>(step, bits[stream]),
                expected_bits(bits[stream].size(), at, kSeed, stream));
    }
  }
}

DEVICE_TEST(Random, FollowsItsFormulas) {
  Graph graph(device.limits());
  Tensor step_state = words(device, graph, {7, 8, 9, 0});
  Tensor uniform = ops::uniform(step_state, {3, 683}, -2, 3);
  Tensor normal = ops::normal(step_state, {2048}, 1, 0.5f);
  Step step(device, graph, "random", {uniform, normal});
  step.run();

  constexpr uint64_t kSeed = 9ull << 32 | 8;
  std::vector<double> uniforms, normals;
  for (uint32_t bits : expected_bits(uniform.size(), 7, kSeed, 0)) {
    uniforms.push_back(-2 + 5 * uniform_of(bits));
  }
  for (double n : expected_normals(expected_bits(normal.size(), 7, kSeed, 1))) {
    normals.push_back(1 + 0.5 * n);
  }
  expect_close(step.read_floats(uniform), uniforms, {1e-6, 1e-6}, "uniform");
  expect_close(step.read_floats(normal), normals, {0, 1e-5}, "normal");
}

DEVICE_TEST(Random, DoesNotDependOnHowATensorIsSplit) {
  std::vector<std::vector<float>> results;
  for (uint64_t bytes : {device.limits().max_binding_bytes, uint64_t{256}}) {
    hal::Limits limits = device.limits();
    limits.max_binding_bytes = bytes;
    Graph graph(limits);
    Tensor step_state = words(device, graph, {7, 8, 9, 0});
    Tensor uniform = ops::uniform(step_state, {3, 83}, -2, 3);
    Tensor normal = ops::normal(step_state, {2, 101});
    Step step(device, graph, "random", {uniform, normal});
    step.run();
    EXPECT_EQ(step.dispatch_count() > 2, bytes == 256);
    for (const Tensor& tensor : {uniform, normal}) results.push_back(step.read_floats(tensor));
  }
  EXPECT_EQ(results[2], results[0]);
  EXPECT_EQ(results[3], results[1]);
}

// All magnitudes of both uniforms: the ends, and powers of two with their neighbours.
DEVICE_TEST(Random, IsNormalForAllBits) {
  Words steps = {0, 0xffffff00};
  for (uint32_t power = 8; power < 32; ++power) {
    for (int64_t nearby : {-256, 0, 256}) {
      steps.push_back(static_cast<uint32_t>((int64_t{1} << power) + nearby));
      steps.push_back(static_cast<uint32_t>(0xffffff00 - (int64_t{1} << power) + nearby));
    }
  }
  Words bits;
  for (uint32_t u : steps) {
    for (uint32_t v : steps) bits.insert(bits.end(), {u, v});
  }
  ASSERT_EQ(bits.size() % 4, 0u);
  Graph graph(device.limits());
  Tensor normals = graph.tensor({static_cast<uint32_t>(bits.size())}, DType::kF32);
  const auto count = static_cast<uint32_t>(bits.size() / 4);
  graph.add({.kernel = &kernels::test_normals,
             .inputs = {words(device, graph, bits)},
             .outputs = {normals},
             .params = pack(kernels::TestNormalsParams{.count = count}),
             .grid = ops::grid_for(count, kernels::test_normals, graph.limits())});
  Step step(device, graph, "normals", {normals});
  step.run();
  expect_close(step.read_floats(normals), expected_normals(bits), {0, 1e-5}, "normals");
}

double normal_distribution(double x) { return 0.5 * std::erfc(-x / std::numbers::sqrt2); }

/// The Kolmogorov-Smirnov statistic times √n: above 1.95 once in a thousand samples.
double distance(std::vector<float> sample, const std::function<double(double)>& distribution) {
  std::sort(sample.begin(), sample.end());
  const auto n = static_cast<double>(sample.size());
  double largest = 0;
  for (size_t i = 0; i < sample.size(); ++i) {
    double wanted = distribution(sample[i]);
    largest = std::max({largest, std::abs(wanted - static_cast<double>(i) / n),
                        std::abs(wanted - static_cast<double>(i + 1) / n)});
  }
  return largest * std::sqrt(n);
}

DEVICE_TEST(Random, HasTheRightDistributions) {
  Graph graph(device.limits());
  Tensor step_state = words(device, graph, {0, 1, 0, 0});
  Tensor uniform = ops::uniform(step_state, {50000});
  Tensor normal = ops::normal(step_state, {50000});
  Step step(device, graph, "distributions", {uniform, normal});
  step.run();
  const std::vector<float> uniforms = step.read_floats(uniform);
  const std::vector<float> normals = step.read_floats(normal);
  EXPECT_LT(distance(uniforms, [](double x) { return x; }), 1.95);
  EXPECT_LT(distance(normals, normal_distribution), 1.95);
  EXPECT_GE(*std::min_element(uniforms.begin(), uniforms.end()), 0);
  EXPECT_LT(*std::max_element(uniforms.begin(), uniforms.end()), 1);

  double mean = 0, square = 0, cube = 0, fourth = 0;
  for (double x : normals) {
    mean += x / 50000;
    square += x * x / 50000;
    cube += x * x * x / 50000;
    fourth += x * x * x * x / 50000;
  }
  // Four standard deviations of each estimate.
  EXPECT_NEAR(mean, 0, 4 * std::sqrt(1.0 / 50000));
  EXPECT_NEAR(square, 1, 4 * std::sqrt(2.0 / 50000));
  EXPECT_NEAR(cube, 0, 4 * std::sqrt(15.0 / 50000));
  EXPECT_NEAR(fourth, 3, 4 * std::sqrt(96.0 / 50000));
}

DEVICE_TEST(Random, DependsOnStepSeedAndStreamAlone) {
  Graph graph(device.limits());
  hal::BufferPtr memory = device.allocate(16, "step_state");
  Tensor step_state = graph.external(memory, {4}, DType::kU32);
  Tensor first = ops::normal(step_state, {257});
  Tensor second = ops::normal(step_state, {257});
  Step step(device, graph, "streams", {first, second});
  auto run = [&](const Words& at) {
    upload(device, memory, at);
    step.run();
    return step.read_floats(first);
  };
  const std::vector<float> reference = run({5, 6, 7, 0});
  EXPECT_NE(step.read_floats(second), reference);
  EXPECT_EQ(run({5, 6, 7, 0}), reference);
  EXPECT_NE(run({4, 6, 7, 0}), reference);
  EXPECT_NE(run({5, 5, 7, 0}), reference);
  EXPECT_NE(run({5, 6, 8, 0}), reference);
}

DEVICE_TEST(Random, RefusesOtherStepStates) {
  Graph graph(device.limits());
  Tensor floats = ops::constant(graph, {4}, 0);
  EXPECT_EQ(error_of([&] { ops::normal(floats, {2}); }),
            "normal: expects a step state u32[4], got f32 [4]");
  EXPECT_EQ(error_of([&] { ops::random_bits(graph.tensor({3}, DType::kU32), {2}); }),
            "random_bits: expects a step state u32[4], got u32 [3]");
}

}  // namespace
}  // namespace pumice::test
