#include "engine/optim/adam.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/graph/step.h"
#include "engine/ops/ops.h"
#include "engine/train/clock.h"
#include "tests/support/devices.h"
#include "tests/support/op_test.h"
#include "tests/support/transfer.h"

namespace pumice::test {
namespace {

/// Adam as in the paper, in double precision, for the loss Σ (p - 1)² / 2 + 3 p.
struct Reference {
  optim::AdamOptions options;
  std::vector<double> parameters;
  std::vector<double> first = std::vector<double>(parameters.size(), 0);
  std::vector<double> second = std::vector<double>(parameters.size(), 0);
  int steps = 0;

  void step() {
    ++steps;
    const double first_correction = 1 - std::pow(options.beta1, steps);
    const double second_correction = 1 - std::pow(options.beta2, steps);
    for (size_t i = 0; i < parameters.size(); ++i) {
      double& p = parameters[i];
      const double g = (p - 1) + 3;
      first[i] = options.beta1 * first[i] + (1 - options.beta1) * g;
      second[i] = options.beta2 * second[i] + (1 - options.beta2) * g * g;
      p -= options.learning_rate * options.weight_decay * p;
      p -= options.learning_rate * (first[i] / first_correction) /
           (std::sqrt(second[i] / second_correction) + options.epsilon);
    }
  }
};

Tensor loss_of(const Tensors& parameters) {
  Tensor loss = ops::constant(parameters[0].graph(), {}, 0);
  for (const Tensor& p : parameters) {
    loss = ops::add(loss, ops::sum(ops::affine(ops::square(ops::affine(p, 1, -1)), 0.5f, 0)));
    loss = ops::add(loss, ops::sum(ops::affine(p, 3, 0)));
  }
  return loss;
}

/// Two parameters with vec4 tails, in one flat buffer.
struct Model {
  explicit Model(hal::Device& device) {
    parameters.add({.name = "a", .shape = {5}, .initial_bound = 2});
    parameters.add({.name = "b", .shape = {3, 86}, .initial_bound = 2});
    parameters.allocate(device, "parameters");
    parameters.initialize(device, 1);
  }

  /// The parameters' places in a flat buffer, without the gaps.
  std::vector<float> values(hal::Device& device, const hal::BufferPtr& flat) const {
    std::vector<float> all = download<float>(device, flat, parameters.flat_bytes() / 4);
    std::vector<float> packed;
    for (const nn::Parameter& parameter : parameters.list()) {
      auto begin = all.begin() + static_cast<ptrdiff_t>(parameter.byte_offset / 4);
      packed.insert(packed.end(), begin, begin + static_cast<ptrdiff_t>(parameter.shape.size()));
    }
    return packed;
  }

  nn::Parameters parameters;
};

void compare(hal::Device& device, optim::AdamOptions options) {
  Model model(device);
  optim::Adam adam(device, model.parameters, options);
  train::Clock clock(device, "clock");
  clock.set(0, 0);
  Graph graph(device.limits());
  adam.step(loss_of(model.parameters.trainable(graph)), clock.tensor(graph));
  clock.advance(graph);
  Step step(device, graph, "adam");

  const std::vector<float> start = model.values(device, model.parameters.buffer());
  Reference reference{options, std::vector<double>(start.begin(), start.end())};
  for (int i = 0; i < 20; ++i) {
    step.run();
    reference.step();
    if (i != 0 && i != 19) continue;
    SCOPED_TRACE(i);
    expect_close(model.values(device, model.parameters.buffer()), reference.parameters,
                 {1e-5, 1e-5}, "parameters");
    expect_close(model.values(device, adam.first_moments()), reference.first, {1e-4, 1e-5},
                 "first moments");
    expect_close(model.values(device, adam.second_moments()), reference.second, {1e-4, 1e-7},
                 "second moments");
  }
}

DEVICE_TEST(Adam, FollowsThePaper) { compare(device, {.learning_rate = 0.1}); }

DEVICE_TEST(Adam, FollowsThePaperWithOtherOptions) {
  compare(
      device,
      {.learning_rate = 0.02, .beta1 = 0.5, .beta2 = 0.99, .epsilon = 1e-3, .weight_decay = 0.1});
}

// At the first step the update is the learning rate, whatever the gradient: bias corrections that
// lose digits show here.
DEVICE_TEST(Adam, BeginsWithStepsOfTheLearningRate) {
  Model model(device);
  optim::Adam adam(device, model.parameters, {.learning_rate = 1, .beta2 = 0.9999});
  train::Clock clock(device, "clock");
  clock.set(0, 0);
  Graph graph(device.limits());
  Tensor loss = ops::constant(graph, {}, 0);
  for (const Tensor& p : model.parameters.trainable(graph)) {
    loss = ops::add(loss, ops::sum(ops::affine(p, 3, 0)));
  }
  adam.step(loss, clock.tensor(graph));
  Step step(device, graph, "adam");
  const std::vector<float> before = model.values(device, model.parameters.buffer());
  step.run();
  std::vector<double> expected;
  for (float p : before) expected.push_back(p - 1.0);
  expect_close(model.values(device, model.parameters.buffer()), expected, {0, 2e-6}, "parameters");
}

DEVICE_TEST(Adam, FlushesWhatNearsTheDenormals) {
  Model model(device);
  optim::Adam adam(device, model.parameters, {});
  train::Clock clock(device, "clock");
  clock.set(1000, 0);
  const std::vector<float> tiny(model.parameters.flat_bytes() / 4, 1e-31f);
  upload(device, adam.first_moments(), tiny);
  upload(device, adam.second_moments(), tiny);
  Graph graph(device.limits());
  Tensor loss = ops::constant(graph, {}, 0);  // depends on no parameter
  adam.step(loss, clock.tensor(graph));
  Step step(device, graph, "adam");
  const std::vector<float> before = model.values(device, model.parameters.buffer());
  step.run();
  const std::vector<float> zeros(before.size(), 0);
  EXPECT_EQ(model.values(device, adam.first_moments()), zeros);
  EXPECT_EQ(model.values(device, adam.second_moments()), zeros);
  EXPECT_EQ(model.values(device, model.parameters.buffer()), before);
}

}  // namespace
}  // namespace pumice::test
