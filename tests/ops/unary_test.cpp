#include <algorithm>
#include <cmath>

#include "engine/ops/ops.h"
#include "tests/support/activations.h"
#include "tests/support/op_test.h"

namespace pumice::test {
namespace {

using ops::Activation;

using Op = Tensor (*)(const Tensor&);
using Function = double (*)(double);

// One element, vec4 tails, and sizes around 256 threads and 256 vec4s, which are a workgroup.
const std::vector<std::vector<Shape>> kUnaryShapes = {
    {{}},    {{1}},   {{2}},    {{3}},    {{4}},    {{5}},        {{255}},
    {{256}}, {{257}}, {{1023}}, {{1024}}, {{1025}}, {{7, 11, 13}}};

OpTest unary_test(Op op, Function function, const Generator& inputs = between(-2, 2)) {
  return {
      .shapes = kUnaryShapes,
      .run = [=](const Tensors& in) { return op(in[0]); },
      .reference = [=](const Arrays& in) { return map(in[0], function); },
      .inputs = inputs,
      .check = Check::kSecondGradient,
  };
}

/// UNARY_TEST(exp, std::exp, between(-4, 4)) compares ops::exp with std::exp, including all
/// gradients.
#define UNARY_TEST(name, ...) \
  OP_TEST(name) { return unary_test(ops::name, __VA_ARGS__); }

template <Activation kActivation>
double reference(double x) {
  return activated(kActivation, x);
}

const Generator kAroundKink = outside(0.01, 2);

UNARY_TEST(negate, [](double x) { return -x; })
UNARY_TEST(exp, std::exp)
UNARY_TEST(log, std::log, between(0.1, 4))
UNARY_TEST(sqrt, std::sqrt, between(0.1, 4))
UNARY_TEST(square, [](double x) { return x * x; })
UNARY_TEST(absolute, std::abs, kAroundKink)
UNARY_TEST(relu, reference<Activation::kRelu>, kAroundKink)
UNARY_TEST(tanh, reference<Activation::kTanh>)
UNARY_TEST(sigmoid, reference<Activation::kSigmoid>, between(-6, 6))
UNARY_TEST(softplus, reference<Activation::kSoftplus>, between(-6, 6))
UNARY_TEST(silu, reference<Activation::kSilu>, between(-6, 6))
UNARY_TEST(gelu, reference<Activation::kGelu>, between(-6, 6))

OP_TEST(affine) {
  return unary_test([](const Tensor& x) { return ops::affine(x, -2.5f, 0.75f); },
                    [](double x) { return 0.75 - 2.5 * x; });
}
OP_TEST(clamp) {
  return unary_test([](const Tensor& x) { return ops::clamp(x, -0.5f, 0.25f); },
                    [](double x) { return std::clamp(x, -0.5, 0.25); },
                    listed({-1.7, -0.6, -0.4, 0.1, 0.2, 0.3, 1.9}));
}
OP_TEST(leaky_relu) {
  return unary_test([](const Tensor& x) { return ops::leaky_relu(x, 0.1f); },
                    [](double x) { return x > 0 ? x : 0.1f * x; }, kAroundKink);
}
OP_TEST(leaky_relu_of_slope_zero) {
  return unary_test([](const Tensor& x) { return ops::leaky_relu(x, 0); },
                    reference<Activation::kRelu>, kAroundKink);
}

OpTest activation_test(Activation activation) {
  return {
      .shapes = {{{9}}},
      .run = [=](const Tensors& in) { return ops::activate(in[0], activation, 0.3f); },
      .reference =
          [=](const Arrays& in) {
            return map(in[0], [=](double x) { return activated(activation, x, 0.3f); });
          },
      .inputs = kAroundKink,
      .check = Check::kSecondGradient,
  };
}

ACTIVATION_TESTS(activate, activation_test);

/// Small results need exact digits, too.
OpTest precise_test(Op op, Function function, const Generator& inputs, uint32_t count,
                    const Tolerance& tolerance) {
  return {
      .shapes = {{{count}}},
      .run = [=](const Tensors& in) { return op(in[0]); },
      .reference = [=](const Arrays& in) { return map(in[0], function); },
      .inputs = inputs,
      .tolerance = tolerance,
  };
}

OpTest extremes_test(Op op, Function function, double absolute = 1e-30) {
  constexpr uint32_t kCount = 13;
  return precise_test(op, function,
                      listed({-100, -50, -20, -9.5, -9, -1e-4, 0, 1e-4, 9, 9.5, 20, 50, 100}),
                      kCount, {.relative = 1e-5, .absolute = absolute});
}

OP_TEST(tanh_at_extremes) { return extremes_test(ops::tanh, std::tanh, 0); }
OP_TEST(sigmoid_at_extremes) {
  return extremes_test(ops::sigmoid, reference<Activation::kSigmoid>);
}
OP_TEST(softplus_at_extremes) {
  return extremes_test(ops::softplus, reference<Activation::kSoftplus>);
}
OP_TEST(silu_at_extremes) { return extremes_test(ops::silu, reference<Activation::kSilu>); }
OP_TEST(gelu_at_extremes) { return extremes_test(ops::gelu, reference<Activation::kGelu>); }

OP_TEST(tanh_around_the_series) {
  return precise_test(ops::tanh, std::tanh, between(-0.06, 0.06), 1024,
                      {.relative = 1e-5, .absolute = 0});
}
// Nearly exact to f32's rounding, 6e-8, on both sides of the end of its series.
OP_TEST(gelu_to_the_last_digits) {
  return precise_test(ops::gelu, reference<Activation::kGelu>, between(-6, 6), 8191,
                      {.relative = 3e-7, .absolute = 1e-7});
}

}  // namespace
}  // namespace pumice::test
