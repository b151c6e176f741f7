#include <gtest/gtest.h>

#include <cmath>

#include "engine/graph/step.h"
#include "engine/ops/ops.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/op_test.h"
#include "tests/support/transfer.h"

namespace pumice::test {
namespace {

double bce_with_logits(double x, double t) {
  return std::max(x, 0.0) - t * x + std::log1p(std::exp(-std::abs(x)));
}

/// Like PyTorch's, the logarithm is never below -100.
double bce(double p, double t) {
  auto bounded_log = [](double x) { return std::max(std::log(x), -100.0); };
  return -t * bounded_log(p) - (1 - t) * bounded_log(1 - p);
}

const std::vector<std::vector<Shape>> kLossShapes = {
    {{1}, {1}},          {{5}, {5}},           {{3, 1}, {3, 1}},
    {{7, 13}, {7, 13}},  {{2, 257}, {2, 257}}, {{3, 5, 2, 2}, {3, 5, 2, 2}},
    {{6, 784}, {6, 784}}};

OP_TEST(bce_with_logits) {
  return {
      .shapes = kLossShapes,
      .run = [](const Tensors& in) { return ops::bce_with_logits(in[0], in[1]); },
      .reference =
          [](const Arrays& in) { return row_sums(combine(in[0], in[1], bce_with_logits)); },
      .inputs = each({between(-6, 6), between(0, 1)}),
      .differentiable = {0},
      .tolerance = {1e-5, 1e-5},
  };
}

OP_TEST(bce_with_logits_at_extremes) {
  return {
      .shapes = {{{8}, {8}}},
      .run = [](const Tensors& in) { return ops::bce_with_logits(in[0], in[1]); },
      .reference = [](const Arrays& in) { return combine(in[0], in[1], bce_with_logits); },
      .inputs =
          each({listed({-100, 100, 0, 50, -50, -100, 100, 30}), listed({0, 1, 0.5, 1, 1, 1, 0})}),
      .differentiable = {0},
  };
}

// Of a confident and right prediction, 1 + e^-x is 1 in f32.
OP_TEST(bce_with_logits_close_to_zero) {
  return {
      .shapes = {{{8}, {8}}},
      .run = [](const Tensors& in) { return ops::bce_with_logits(in[0], in[1]); },
      .reference = [](const Arrays& in) { return combine(in[0], in[1], bce_with_logits); },
      .inputs = each({listed({-12, 12, -16, 16, -20, 20, 25, -30}), listed({0, 1, 0, 1, 0, 1, 1})}),
      .check = Check::kForward,
      .tolerance = {.relative = 1e-5, .absolute = 1e-16},
  };
}

OP_TEST(bce) {
  return {
      .shapes = kLossShapes,
      .run = [](const Tensors& in) { return ops::bce(in[0], in[1]); },
      .reference = [](const Arrays& in) { return row_sums(combine(in[0], in[1], bce)); },
      .inputs = each({between(0.05, 0.95), between(0, 1)}),
      .differentiable = {0},
      .tolerance = {1e-5, 1e-5},
  };
}

OP_TEST(bce_at_zero_and_one) {
  return {
      .shapes = {{{8}, {8}}},
      .run = [](const Tensors& in) { return ops::bce(in[0], in[1]); },
      .reference = [](const Arrays& in) { return combine(in[0], in[1], bce); },
      .inputs =
          each({listed({0, 0, 1, 1, 0, 1, 1e-6, 0.999999}), listed({0, 1, 0, 1, 0.25, 0.25})}),
      .check = Check::kForward,
  };
}

OP_TEST(squared_error) {
  return {
      .shapes = kLossShapes,
      .run = [](const Tensors& in) { return ops::squared_error(in[0], in[1]); },
      .reference =
          [](const Arrays& in) {
            return row_sums(
                combine(in[0], in[1], [](double x, double t) { return (x - t) * (x - t); }));
          },
      .tolerance = {1e-5, 1e-5},
  };
}

/// The mean and log-variance of latent `l` in a row of moments.
double mean_at(const Array& moments, const Position& p) { return moments.at(p); }
double log_variance_at(const Array& moments, const Position& p) {
  return moments.at({p[0], p[1] + moments.shape[1] / 2});
}

OP_TEST(gaussian_kl) {
  return {
      .shapes = {{{1, 2}}, {{3, 10}}, {{5, 256}}, {{2, 514}}},
      .run = [](const Tensors& in) { return ops::gaussian_kl(in[0]); },
      .reference =
          [](const Arrays& in) {
            const Array& moments = in[0];
            return row_sums(build({moments.shape[0], moments.shape[1] / 2}, [&](const Position& p) {
              double mean = mean_at(moments, p), v = log_variance_at(moments, p);
              return 0.5 * (mean * mean + std::exp(v) - 1 - v);
            }));
          },
      .tolerance = {1e-5, 1e-5},
      .in_parts = false,
  };
}

OP_TEST(gaussian_sample) {
  return {
      .shapes = {{{1, 2}, {1, 1}}, {{3, 10}, {3, 5}}, {{5, 256}, {5, 128}}, {{2, 514}, {2, 257}}},
      .run = [](const Tensors& in) { return ops::gaussian_sample(in[0], in[1]); },
      .reference =
          [](const Arrays& in) {
            return build(in[1].shape, [&](const Position& p) {
              return mean_at(in[0], p) + std::exp(0.5 * log_variance_at(in[0], p)) * in[1].at(p);
            });
          },
      .differentiable = {0},
      .in_parts = false,
  };
}

DEVICE_TEST(Loss, HasFiniteGradientsAtProbabilitiesZeroAndOne) {
  Graph graph(device.limits());
  Tensor p = upload(device, graph, array({4}, {0, 1, 0, 1}));
  Tensor t = upload(device, graph, array({4}, {0, 1, 1, 0}));
  Tensor gradient = ops::gradients(ops::sum(ops::bce(p, t)), {p})[0];
  Step step(device, graph, "loss", {gradient});
  step.run();
  const std::vector<double> expected = {0, 0, -1e12, 1e12};  // PyTorch's
  expect_close(step.read_floats(gradient), expected, {}, "gradient");
}

// A driver's exp() may turn a NaN into infinity.
DEVICE_TEST(Loss, GradientsKeepNan) {
  Graph graph(device.limits());
  Tensor x = upload(device, graph, array({1, 4}, {0.5, 0.5, NAN, 0.5}));
  const std::vector<uint32_t> labels = {1};
  Tensor label = graph.external(upload(device, labels, "labels"), {1}, DType::kU32);
  Tensor noise = ops::constant(graph, {1, 2}, 1);
  Tensors gradients;
  for (const Tensor& y : {ops::gaussian_kl(x), ops::gaussian_sample(x, noise), ops::softplus(x),
                          ops::softmax_cross_entropy(x, label)}) {
    gradients.push_back(ops::gradients(ops::sum(y), {x})[0]);
  }
  Step step(device, graph, "step", gradients);
  step.run();
  for (const Tensor& gradient : gradients) EXPECT_TRUE(std::isnan(step.read_floats(gradient)[2]));
}

DEVICE_TEST(Loss, RefusesWhatDoesNotFit) {
  Graph graph(device.limits());
  auto make = [&](const Shape& shape) { return ops::constant(graph, shape, 1); };
  EXPECT_EQ(error_of([&] {
              ops::bce(make({2, 3}), make({2, 4}));
            }),
            "bce: expects prediction and target of one shape [B, …], got [2, 3] and [2, 4]");
  EXPECT_EQ(error_of([&] { ops::squared_error(make({}), make({})); }),
            "squared_error: expects prediction and target of one shape [B, …], got [] and []");
  EXPECT_EQ(error_of([&] {
              ops::gaussian_kl(make({2, 3}));
            }),
            "gaussian_kl: expects moments [B, 2z], got [2, 3]");
  EXPECT_EQ(error_of([&] {
              ops::gaussian_sample(make({2, 6}), make({2, 2}));
            }),
            "gaussian_sample: expects noise [2, 3], got [2, 2]");
}

}  // namespace
}  // namespace pumice::test
