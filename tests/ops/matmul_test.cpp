#include <gtest/gtest.h>

#include "engine/ops/ops.h"
#include "tests/support/activations.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/op_test.h"

namespace pumice::test {
namespace {

using ops::Activation;

struct Extents {
  uint32_t m, n, k;
};

// One element, primes, whole vec4s, sizes around the kernels' tiles of 4, 32 and 64, and
// odd ones large enough to be padded.
const std::vector<Extents> kExtents = {{1, 1, 1},    {1, 5, 1},    {3, 1, 7},    {7, 13, 11},
                                       {4, 4, 4},    {8, 12, 20},  {31, 33, 5},  {32, 32, 32},
                                       {33, 36, 28}, {36, 64, 32}, {64, 68, 12}, {65, 63, 67},
                                       {130, 1, 67}, {1, 6, 67},   {7, 9, 67},   {3, 5, 150}};

/// The stored shapes of a and b, and the shape of a bias.
std::vector<std::vector<Shape>> stored(bool transpose_a, bool transpose_b, bool bias = false) {
  std::vector<std::vector<Shape>> all;
  for (const auto& [m, n, k] : kExtents) {
    all.push_back(
        {transpose_a ? Shape{k, m} : Shape{m, k}, transpose_b ? Shape{n, k} : Shape{k, n}});
    if (bias) all.back().push_back({n});
  }
  return all;
}

constexpr Tolerance kSums = {1e-5, 1e-5};
constexpr Tolerance kGradientSums = {1e-4, 1e-4};

OP_TEST(matmul) {
  return {
      .shapes = stored(false, false),
      .run = [](const Tensors& in) { return ops::matmul(in[0], in[1]); },
      .reference = [](const Arrays& in) { return matmul(in[0], in[1]); },
      .check = Check::kSecondGradient,
      .tolerance = kSums,
      .gradient_tolerance = kGradientSums,
  };
}

OP_TEST(matmul_with_a_transposed) {
  return {
      .shapes = stored(true, false),
      .run = [](const Tensors& in) { return ops::matmul(in[0], in[1], {.transpose_a = true}); },
      .reference = [](const Arrays& in) { return matmul(in[0], in[1], true, false); },
      .check = Check::kSecondGradient,
      .tolerance = kSums,
      .gradient_tolerance = kGradientSums,
  };
}

OP_TEST(matmul_with_b_transposed) {
  return {
      .shapes = stored(false, true),
      .run = [](const Tensors& in) { return ops::matmul(in[0], in[1], {.transpose_b = true}); },
      .reference = [](const Arrays& in) { return matmul(in[0], in[1], false, true); },
      .check = Check::kSecondGradient,
      .tolerance = kSums,
      .gradient_tolerance = kGradientSums,
  };
}

OP_TEST(matmul_with_both_transposed) {
  return {
      .shapes = stored(true, true),
      .run =
          [](const Tensors& in) {
            return ops::matmul(in[0], in[1], {.transpose_a = true, .transpose_b = true});
          },
      .reference = [](const Arrays& in) { return matmul(in[0], in[1], true, true); },
      .check = Check::kSecondGradient,
      .tolerance = kSums,
      .gradient_tolerance = kGradientSums,
  };
}

// Both operands are the same tensor: its gradients add up.
OP_TEST(matmul_with_itself) {
  return {
      .shapes = {{{7, 5}}, {{8, 32}}},
      .run = [](const Tensors& in) { return ops::matmul(in[0], in[0], {.transpose_b = true}); },
      .reference = [](const Arrays& in) { return matmul(in[0], in[0], false, true); },
      .tolerance = kSums,
      .gradient_tolerance = kGradientSums,
  };
}

OpTest linear_test(Activation activation) {
  return {
      .shapes = stored(false, true, true),
      .run = [=](const Tensors& in) { return ops::linear(in[0], in[1], in[2], activation, 0.1f); },
      .reference =
          [=](const Arrays& in) {
            Array sums = combine(matmul(in[0], in[1], false, true), in[2], std::plus<>());
            return map(sums, [=](double x) { return activated(activation, x, 0.1f); });
          },
      .inputs = between(-1, 1),
      .check = check_of(activation),
      .tolerance = kSums,
      .gradient_tolerance = kGradientSums,
      .second_tolerance = {1e-3, 1e-3},
  };
}

ACTIVATION_TESTS(linear_with, linear_test);

OP_TEST(linear_at_extremes) {
  return {
      .shapes = {{{13, 1}, {4, 1}, {4}}, {{32, 4}, {4, 4}, {4}}},
      .run =
          [](const Tensors& in) {
            return ops::concat({ops::linear(in[0], in[1], in[2], Activation::kTanh),
                                ops::linear(in[0], in[1], in[2], Activation::kSigmoid),
                                ops::linear(in[0], in[1], in[2], Activation::kSoftplus)},
                               1);
          },
      .reference =
          [](const Arrays& in) {
            Array sums = combine(matmul(in[0], in[1], false, true), in[2], std::plus<>());
            const uint32_t n = in[2].shape[0];
            return build({sums.shape[0], 3 * n}, [&](const Position& p) {
              constexpr Activation kOrder[] = {Activation::kTanh, Activation::kSigmoid,
                                               Activation::kSoftplus};
              return activated(kOrder[p[1] / n], sums.at({p[0], p[1] % n}));
            });
          },
      .inputs = each(
          {listed({-100, -50, -20, -9, -1e-3, 0, 1e-3, 9, 20, 50, 100}), listed({1}), listed({0})}),
      .gradient_tolerance = kGradientSums,
  };
}

DEVICE_TEST(Matmul, RefusesWhatDoesNotFit) {
  Graph graph(device.limits());
  auto make = [&](const Shape& shape) { return ops::constant(graph, shape, 1); };
  EXPECT_EQ(error_of([&] {
              ops::matmul(make({2, 3}), make({4, 5}));
            }),
            "matmul: the inner extents of [2, 3] and [4, 5] differ");
  EXPECT_EQ(error_of([&] {
              ops::matmul(make({2, 3}), make({5, 4}), {.transpose_b = true});
            }),
            "matmul: the inner extents of [2, 3] and [5, 4] transposed differ");
  EXPECT_EQ(error_of([&] {
              ops::matmul(make({2}), make({2, 3}));
            }),
            "matmul: expects two matrices, got [2] and [2, 3]");
  EXPECT_EQ(error_of([&] {
              ops::linear(make({2, 3}), make({4, 3}), make({3}));
            }),
            "matmul: expects a bias of [4], got [3]");
}

}  // namespace
}  // namespace pumice::test
