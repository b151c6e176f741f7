// Products and convolutions with cooperative matrices, on devices that have them.
#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "engine/graph/step.h"
#include "engine/hal/device_with_limits.h"
#include "engine/ops/ops.h"
#include "engine/ops/shares.h"
#include "tests/support/devices.h"
#include "tests/support/transfer.h"

namespace pumice::test {
namespace {

using hal::Precision;
using Floats = std::vector<float>;

constexpr ops::GemmCore kCooperativeCores[] = {ops::GemmCore::kCooperative64,
                                               ops::GemmCore::kCooperative128};

bool has_matrices(const hal::Limits& limits) {
  return has(limits, hal::Feature::kCooperativeMatrix);
}

/// Between -1 and 1; in steps of 1/1024, which f16 represents exactly, or of an f32's last bit.
Floats numbers(size_t count, bool in_f16, std::mt19937& random) {
  Floats values(count);
  for (float& value : values) {
    value = std::uniform_real_distribution<float>(-1, 1)(random);
    if (in_f16) value = std::round(1024 * value) / 1024;
  }
  return values;
}

/// What an op makes of two inputs, and its gradients.
struct Comparison {
  Shape left, right;
  std::function<Tensor(const Tensor& left, const Tensor& right)> run;
  bool is_activated = false;
  bool in_f16 = false;
};

/// The values of the result and of the gradients of Σ w·result, with w a third input.
std::vector<Floats> results_of(hal::Device& device, const Comparison& c) {
  std::mt19937 random(7);
  Graph graph(device.limits());
  auto input = [&](const Shape& shape) {
    return graph.external(upload(device, numbers(shape.size(), c.in_f16, random), "input"), shape,
                          DType::kF32);
  };
  const Tensor left = input(c.left), right = input(c.right);
  const Tensor result = c.run(left, right);
  Tensors wanted = ops::gradients(result, input(result.shape()), {left, right});
  wanted.push_back(result);
  Step step(device, graph, "cooperative", wanted);
  step.run();
  std::vector<Floats> values;
  for (const Tensor& tensor : wanted) values.push_back(step.read_floats(tensor));
  return values;
}

/// The largest difference relative to the largest value.
double difference(const Floats& a, const Floats& b) {
  double largest = 0, most = 0;
  for (size_t i = 0; i < a.size(); ++i) {
    largest = std::max(largest, std::abs(double{b[i]}));
    const double apart = std::abs(double{a[i]} - b[i]);
    most = std::isnan(apart) ? INFINITY : std::max(most, apart);
  }
  return most / largest;
}

/// Compares each cooperative core with the f32 cores, which have tests of their own.
void expect_close_to_f32(hal::Device& device, const Comparison& c, Precision precision,
                         double tolerance) {
  const std::vector<Floats> wanted = results_of(device, c);
  hal::Limits limits = with_precision(device.limits(), precision);
  limits.prefers.register_tiles = false;  // as on GPUs, whatever this device is
  hal::DeviceWithLimits other(device, limits);
  for (ops::GemmCore core : kCooperativeCores) {
    const ops::ForcedCore forced(core);
    const std::vector<Floats> got = results_of(other, c);
    for (size_t i = 0; i < wanted.size(); ++i) {
      EXPECT_LE(difference(got[i], wanted[i]), tolerance) << name(core) << ", result " << i;
    }
  }
}

std::vector<Comparison> cases() {
  std::vector<Comparison> all;
  for (auto [m, n, k] : {std::array<uint32_t, 3>{4, 8, 4}, {68, 132, 100}, {128, 64, 784}}) {
    all.push_back(
        {{m, k}, {k, n}, [](const Tensor& a, const Tensor& b) { return ops::matmul(a, b); }});
    all.push_back(
        {{k, m},
         {n, k},
         [](const Tensor& a, const Tensor& b) {
           return ops::matmul(
               a, b,
               {.transpose_a = true, .transpose_b = true, .activation = ops::Activation::kTanh});
         },
         true});
  }
  all.push_back({{3, 9, 7, 12}, {3, 3, 12, 36}, [](const Tensor& x, const Tensor& weight) {
                   return ops::conv2d(x, weight, {.padding = {1, 1, 1, 1}});
                 }});
  all.push_back({{2, 16, 16, 32}, {4, 4, 32, 68}, [](const Tensor& x, const Tensor& weight) {
                   return ops::conv2d(x, weight, {.stride = 2, .padding = {1, 1, 1, 1}});
                 }});
  all.push_back({{2, 8, 8, 64}, {4, 4, 32, 64}, [](const Tensor& x, const Tensor& weight) {
                   return ops::conv_transpose2d(x, weight, {.stride = 2, .padding = {1, 1, 1, 1}});
                 }});
  return all;
}

DEVICE_TEST(Cooperative, split_factors_give_the_results_of_f32) {
  if (!has_matrices(device.limits())) GTEST_SKIP() << "no cooperative matrices";
  for (const Comparison& c : cases()) expect_close_to_f32(device, c, Precision::kSplit, 3e-5);
}

DEVICE_TEST(Cooperative, mixed_precision_is_exact_for_products_of_f16_numbers) {
  if (!has_matrices(device.limits())) GTEST_SKIP() << "no cooperative matrices";
  for (Comparison c : cases()) {
    c.in_f16 = true;
    // The gradient of an activation is not in f16.
    expect_close_to_f32(device, c, Precision::kMixed, c.is_activated ? 1e-2 : 2e-6);
  }
}

DEVICE_TEST(Cooperative, mixed_precision_rounds_factors_to_f16) {
  if (!has_matrices(device.limits())) GTEST_SKIP() << "no cooperative matrices";
  for (const Comparison& c : cases()) expect_close_to_f32(device, c, Precision::kMixed, 1e-2);
}

TEST(CooperativeChoice, needs_the_device_and_the_user) {
  hal::Limits limits;
  limits.type = hal::DeviceType::kDiscreteGpu;
  limits.prefers = hal::preferences_of(limits);
  limits.max_shared_bytes = 49152;
  limits.subgroup_size = 32;
  limits.matrix_size = {16, 16, 16};
  const ops::GemmShape shape{.m = 2048, .n = 2048, .k = 400};
  EXPECT_EQ(ops::choose_core(shape, limits), ops::GemmCore::kBlock128);
  limits.prefers.precision = Precision::kMixed;
  EXPECT_EQ(ops::choose_core(shape, limits), ops::GemmCore::kBlock128);
  limits.features = static_cast<uint32_t>(hal::Feature::kCooperativeMatrix);
  EXPECT_EQ(ops::choose_core(shape, limits), ops::GemmCore::kCooperative128);
  EXPECT_EQ(ops::choose_core({.m = 128, .n = 512, .k = 784}, limits),
            ops::GemmCore::kCooperative64);
  EXPECT_EQ(ops::choose_core({.m = 127, .n = 511, .k = 784}, limits), ops::GemmCore::kTile);
  limits.prefers.precision = Precision::kF32;
  EXPECT_EQ(ops::choose_core(shape, limits), ops::GemmCore::kBlock128);
}

}  // namespace
}  // namespace pumice::test
