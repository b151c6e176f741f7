#include "engine/models/gan/gan_loss.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/base/philox.h"
#include "engine/graph/step.h"
#include "tests/support/devices.h"
#include "tests/support/op_test.h"

namespace pumice::test {
namespace {

using models::GanLoss;

double softplus(double x) { return std::log1p(std::exp(x)); }

DEVICE_TEST(GanLoss, values_are_those_of_the_papers) {
  const std::vector<double> real = {-1.5, 0.25, 3};
  const std::vector<double> fake = {0.5, -2, 1.75};
  struct Case {
    GanLoss loss;
    double smoothing;
    double (*discriminator)(double real, double fake, double smoothing);
    double (*generator)(double fake);
  };
  auto bce = [](double r, double f, double s) {
    return (1 - s) * softplus(-r) + s * softplus(r) + softplus(f);
  };
  auto wasserstein = [](double r, double f, double) { return f - r; };
  auto minus = [](double f) { return -f; };
  const std::vector<Case> cases = {
      {GanLoss::kNonSaturating, 0, bce, [](double f) { return softplus(-f); }},
      {GanLoss::kNonSaturating, 0.1, bce, [](double f) { return softplus(-f); }},
      {GanLoss::kMinimax, 0, bce, [](double f) { return -softplus(f); }},
      {GanLoss::kWasserstein, 0, wasserstein, minus},
      {GanLoss::kWassersteinGp, 0, wasserstein, minus},
      {GanLoss::kHinge, 0,
       [](double r, double f, double) { return std::max(0.0, 1 - r) + std::max(0.0, 1 + f); },
       minus}};
  for (const Case& c : cases) {
    Graph graph(device.limits());
    const models::DiscriminatorLogits logits{.real = upload(device, graph, array({3, 1}, real)),
                                             .fake = upload(device, graph, array({3, 1}, fake))};
    Tensor d = models::discriminator_loss(c.loss, logits, c.smoothing);
    Tensor g = models::generator_loss(c.loss, logits.fake);
    Step step(device, graph, "losses", {d, g});
    step.run();
    std::vector<double> expected;
    double mean = 0;
    for (size_t i = 0; i < real.size(); ++i) {
      expected.push_back(c.discriminator(real[i], fake[i], c.smoothing));
      mean += c.generator(fake[i]) / 3;
    }
    expect_close(step.read_floats(d), expected, {1e-5, 1e-6}, "discriminator");
    expect_close(step.read_floats(g), {mean}, {1e-5, 1e-6}, "generator");
  }
}

DEVICE_TEST(GanLoss, distances_are_estimated_from_the_scores) {
  const std::vector<double> real = {-1.5, 0.25, 3};
  const std::vector<double> fake = {0.5, -2, 1.75};
  double distance = 0, js = 0;
  for (size_t i = 0; i < real.size(); ++i) {
    distance += (real[i] - fake[i]) / 3;
    js += (std::log(2.0) - (softplus(-real[i]) + softplus(fake[i])) / 2) / 3;
  }
  Graph graph(device.limits());
  const models::DiscriminatorLogits scores{.real = upload(device, graph, array({3, 1}, real)),
                                           .fake = upload(device, graph, array({3, 1}, fake))};
  const auto mean = [](const Tensor& x) { return ops::mean(x); };
  const Tensor loss = models::discriminator_loss(GanLoss::kWasserstein, scores, 0);
  const Tensors metrics = models::logit_metrics(GanLoss::kWasserstein, true, scores, loss, mean);
  ASSERT_EQ(metrics.size(), models::logit_metric_names(GanLoss::kWasserstein, true).size());
  Step step(device, graph, "distances", metrics);
  step.run();
  expect_close(step.read_floats(metrics[0]), {distance}, {1e-5, 1e-6}, "em_distance");
  expect_close(step.read_floats(metrics[1]), {js}, {1e-5, 1e-6}, "js");
}

constexpr uint32_t kPenaltyBatch = 3;
constexpr uint32_t kInputs = 4;
constexpr uint32_t kHidden = 5;

/// A critic tanh(x · w) · v, whose slope at x is known.
struct Critic {
  std::vector<double> w;  // [kInputs, kHidden]
  std::vector<double> v;  // [kHidden, 1]

  double penalty(const std::vector<double>& x) const {
    double total = 0;
    for (uint32_t row = 0; row < kPenaltyBatch; ++row) {
      std::vector<double> slope(kInputs, 0);
      for (uint32_t j = 0; j < kHidden; ++j) {
        double sum = 0;
        for (uint32_t i = 0; i < kInputs; ++i) sum += x[row * kInputs + i] * w[i * kHidden + j];
        const double factor = v[j] * (1 - std::tanh(sum) * std::tanh(sum));
        for (uint32_t i = 0; i < kInputs; ++i) slope[i] += w[i * kHidden + j] * factor;
      }
      double squares = 0;
      for (double s : slope) squares += s * s;
      total += std::pow(std::sqrt(squares) - 1, 2) / kPenaltyBatch;
    }
    return total;
  }
};

std::vector<double> draw(uint32_t stream, size_t count) {
  PhiloxStream random(5, stream);
  std::vector<double> values(count);
  for (double& value : values) value = static_cast<float>(random.normal());
  return values;
}

DEVICE_TEST(GanLoss, the_penaltys_gradient_is_that_of_finite_differences) {
  Critic critic{draw(0, kInputs * kHidden), draw(1, kHidden)};
  const std::vector<double> real = draw(2, kPenaltyBatch * kInputs);
  const std::vector<double> fake = draw(3, kPenaltyBatch * kInputs);
  const std::vector<double> share = {0.25, 0, 0.75};
  std::vector<double> x;
  for (uint32_t i = 0; i < kPenaltyBatch * kInputs; ++i) {
    x.push_back(fake[i] + share[i / kInputs] * (real[i] - fake[i]));
  }
  Graph graph(device.limits());
  Tensor w = upload(device, graph, array({kInputs, kHidden}, critic.w));
  Tensor v = upload(device, graph, array({kHidden, 1}, critic.v));
  auto run = [&](const Tensor& at) {
    return ops::matmul(ops::matmul(at, w, {.activation = ops::Activation::kTanh}), v);
  };
  Tensor penalty =
      models::gradient_penalty(run, upload(device, graph, array({kPenaltyBatch, kInputs}, real)),
                               upload(device, graph, array({kPenaltyBatch, kInputs}, fake)),
                               upload(device, graph, array({kPenaltyBatch, 1}, share)));
  const Tensors gradients = ops::gradients(penalty, {w, v});
  Step step(device, graph, "penalty", {penalty, gradients[0], gradients[1]});
  step.run();
  const double expected = critic.penalty(x);
  EXPECT_NEAR(step.read_floats(penalty)[0], expected, 1e-4 * expected);
  auto differences = [&](std::vector<double>& variables) {
    constexpr double kStep = 1e-5;
    std::vector<double> slopes;
    for (double& variable : variables) {
      const double middle = variable;
      variable = middle + kStep;
      const double up = critic.penalty(x);
      variable = middle - kStep;
      slopes.push_back((up - critic.penalty(x)) / (2 * kStep));
      variable = middle;
    }
    return slopes;
  };
  expect_close(step.read_floats(gradients[0]), differences(critic.w), {1e-3, 1e-4}, "w");
  expect_close(step.read_floats(gradients[1]), differences(critic.v), {1e-3, 1e-4}, "v");
}

}  // namespace
}  // namespace pumice::test
