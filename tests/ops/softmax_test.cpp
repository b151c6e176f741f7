#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/graph/step.h"
#include "engine/ops/ops.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/op_test.h"
#include "tests/support/transfer.h"

namespace pumice::test {
namespace {

double log_sum_exp(const std::vector<double>& values) {
  const double largest = *std::max_element(values.begin(), values.end());
  double sum = 0;
  for (double value : values) sum += std::exp(value - largest);
  return largest + std::log(sum);
}

Array softmax(const Arrays& in) {
  return combine(in[0], reduce(in[0], {1}, true, log_sum_exp),
                 [](double x, double l) { return std::exp(x - l); });
}

OP_TEST(softmax) {
  return {
      .shapes = {{{1, 1}}, {{3, 10}}, {{7, 3}}, {{129, 5}}, {{2, 257}}},
      .run = [](const Tensors& in) { return ops::softmax(in[0]); },
      .reference = softmax,
      .inputs = between(-20, 20),
      .check = Check::kForward,
      .tolerance = {2e-5, 1e-6},
      .in_parts = false,
  };
}

OP_TEST(softmax_at_extremes) {
  return {
      .shapes = {{{2, 4}}},
      .run = [](const Tensors& in) { return ops::softmax(in[0]); },
      .reference = softmax,
      .inputs = listed({-1000, 1000, 0, 999, 1e30, -1e30, -1e30, 1e29}),
      .check = Check::kForward,
      .tolerance = {1e-4, 1e-6},
  };
}

Array one_hot_loss(const Arrays& in, const std::vector<uint32_t>& labels) {
  Array log_sum = reduce(in[0], {1}, false, log_sum_exp);
  return build(log_sum.shape, [&](const Position& p) {
    return log_sum.at(p) - in[0].at({p[0], labels[p[0]]});
  });
}

// Labels are not floats, so OP_TEST cannot make them: class (7·row) mod C.
std::vector<uint32_t> labels_for(const Shape& logits) {
  std::vector<uint32_t> labels;
  for (uint32_t row = 0; row < logits[0]; ++row) labels.push_back(7 * row % logits[1]);
  return labels;
}

DEVICE_TEST(SoftmaxCrossEntropy, AndItsGradientFollowTheirFormulas) {
  for (const Shape& shape : {Shape{1, 1}, Shape{3, 10}, Shape{7, 3}, Shape{130, 5}}) {
    SCOPED_TRACE(to_string(shape));
    const Array logits =
        build(shape, [](const Position& p) { return 8 * std::sin(3.7 * p[0] + 1.3 * p[1]); });
    const Array weights = build({shape[0]}, [](const Position& p) { return std::cos(p[0]); });
    const std::vector<uint32_t> labels = labels_for(shape);
    Graph graph(device.limits());
    Tensor x = upload(device, graph, logits);
    Tensor loss = ops::softmax_cross_entropy(x, words(device, graph, labels));
    Tensor total = ops::sum(ops::multiply(loss, upload(device, graph, weights)));
    Tensor gradient = ops::gradients(total, {x})[0];
    Step step(device, graph, "cross entropy", {loss, gradient});
    step.run();

    const Array probability = softmax({logits});
    const Array expected = build(shape, [&](const Position& p) {
      return weights.at({p[0]}) * (probability.at(p) - (labels[p[0]] == p[1] ? 1 : 0));
    });
    expect_close(step.read_floats(loss), one_hot_loss({logits}, labels).values, {1e-5, 2e-6},
                 "loss");
    expect_close(step.read_floats(gradient), expected.values, {1e-5, 2e-6}, "gradient");
  }
}

DEVICE_TEST(IsCorrect, TakesTheFirstOfTheLargest) {
  Graph graph(device.limits());
  Tensor logits =
      upload(device, graph, array({5, 3}, {1, 2, 3, 3, 3, 1, 3, 3, 1, -5, -4, -4, 0, 0, 0}));
  Tensor right = ops::is_correct(logits, words(device, graph, {2, 0, 1, 1, 2}));
  Step step(device, graph, "is correct", {right});
  step.run();
  EXPECT_EQ(step.read_floats(right), (std::vector<float>{1, 1, 0, 1, 0}));
}

DEVICE_TEST(Softmax, RefusesWhatDoesNotFit) {
  Graph graph(device.limits());
  Tensor logits = ops::constant(graph, {2, 3}, 0);
  Tensor labels = words(device, graph, {0, 1, 2});
  EXPECT_EQ(error_of([&] { ops::softmax_cross_entropy(logits, labels); }),
            "softmax_cross_entropy: expects labels u32 [2], got u32 [3]");
  EXPECT_EQ(error_of([&] { ops::is_correct(logits, ops::constant(graph, {2}, 0)); }),
            "is_correct: expects labels u32 [2], got f32 [2]");
  EXPECT_EQ(error_of([&] { ops::softmax(ops::constant(graph, {2}, 0)); }),
            "softmax: expects logits [B, C], got [2]");
}

}  // namespace
}  // namespace pumice::test
