#include "engine/optim/optimizer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/graph/step.h"
#include "engine/graph/step_state.h"
#include "tests/optim/flat_model.h"
#include "tests/support/contains.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/op_test.h"

namespace pumice::test {
namespace {

using optim::Decay;
using optim::Method;
using optim::OptimizerOptions;

/// The updates in double precision, for gradients p + 2.
struct Reference {
  OptimizerOptions options;
  std::vector<double> parameters;
  std::vector<double> first = std::vector<double>(parameters.size(), 0);
  std::vector<double> second = std::vector<double>(parameters.size(), 0);
  uint32_t steps = 0;

  double norm() const {
    double squares = 0;
    for (double p : parameters) squares += (p + 2) * (p + 2);
    return std::sqrt(squares);
  }

  void step() {
    const double rate = options.learning_rate * factor_at(options.schedule, steps++);
    const double scale = options.clip_norm > 0 ? std::min(1.0, options.clip_norm / norm()) : 1;
    for (size_t i = 0; i < parameters.size(); ++i) {
      double& p = parameters[i];
      p -= change(i, p, scale * (p + 2), rate);
      if (options.clip_weights > 0) {
        p = std::clamp(p, -options.clip_weights, options.clip_weights);
      }
    }
  }

  double change(size_t i, double p, double g, double rate) {
    if (options.method == Method::kAdam) return rate * (options.weight_decay * p + adam(i, g));
    g += options.weight_decay * p;
    if (options.method == Method::kSgd) {
      const double m = accumulate(i, g);
      return rate * (options.nesterov ? g + options.momentum * m : m);
    }
    second[i] = options.smoothing * second[i] + (1 - options.smoothing) * g * g;
    return rate * accumulate(i, g / (std::sqrt(second[i]) + options.epsilon));
  }

  double adam(size_t i, double g) {
    first[i] = options.beta1 * first[i] + (1 - options.beta1) * g;
    second[i] = options.beta2 * second[i] + (1 - options.beta2) * g * g;
    return (first[i] / (1 - std::pow(options.beta1, steps))) /
           (std::sqrt(second[i] / (1 - std::pow(options.beta2, steps))) + options.epsilon);
  }

  double accumulate(size_t i, double change) {
    if (options.momentum == 0) return change;
    return first[i] = options.momentum * first[i] + change;
  }
};

/// A model and its optimizer, recorded as one step.
class Run {
 public:
  /// Makes the first number of the parameters NaN.
  void write_nan() {
    const hal::BufferPtr& buffer = model_.parameters.buffer();
    std::vector<float> values = download<float>(device_, buffer, buffer->bytes() / 4);
    values[0] = NAN;
    upload(device_, buffer, values);
  }

  Run(hal::Device& device, const OptimizerOptions& options, const hal::Limits& limits)
      : device_(device),
        model_(device),
        optimizer_(device, model_.parameters, options),
        step_state_(device, "step_state"),
        graph_(limits) {
    step_state_.set(0, 0);
    norm_ = optimizer_.step(model_.loss(graph_), step_state_.tensor(graph_));
    step_state_.advance(graph_);
    step_ = std::make_unique<Step>(device, graph_, "update", Tensors{norm_});
  }

  void step() { step_->run(); }
  double norm() { return step_->read_floats(norm_)[0]; }
  std::vector<float> all() const { return model_.values(device_); }
  std::vector<float> trained() const {
    std::vector<float> values = all();
    values.resize(model_.trained());
    return values;
  }
  std::vector<float> state(size_t i) const {
    return model_.values(device_, optimizer_.state().at(i).buffer);
  }

 private:
  hal::Device& device_;
  FlatModel model_;
  optim::Optimizer optimizer_;
  StepState step_state_;
  Graph graph_;
  Tensor norm_;
  std::unique_ptr<Step> step_;
};

void compare(hal::Device& device, const OptimizerOptions& options, const hal::Limits& limits) {
  Run run(device, options, limits);
  const std::vector<float> begin = run.trained();
  const std::vector<float> statistics = run.all();
  Reference reference{options, std::vector<double>(begin.begin(), begin.end())};
  for (int i = 0; i < 20; ++i) {
    const double norm = reference.norm();
    run.step();
    reference.step();
    if (i != 0 && i != 19) continue;
    SCOPED_TRACE(i);
    EXPECT_NEAR(run.norm(), norm, 1e-5 * norm);
    expect_close(run.trained(), reference.parameters, {1e-5, 1e-5}, "parameters");
  }
  const std::vector<float> after = run.all();
  EXPECT_TRUE(std::equal(after.begin() + begin.size(), after.end(),
                         statistics.begin() + begin.size()));  // running statistics
  if (options.method != Method::kAdam) return;
  expect_close(run.state(0), reference.first, {1e-4, 1e-5}, "first moments");
  expect_close(run.state(1), reference.second, {1e-4, 1e-7}, "second moments");
}

void compare(hal::Device& device, const OptimizerOptions& options) {
  compare(device, options, device.limits());
}

DEVICE_TEST(Optimizer, adam_follows_the_paper) { compare(device, {.learning_rate = 0.1}); }

DEVICE_TEST(Optimizer, adamw_decays_apart_from_the_gradient) {
  compare(
      device,
      {.learning_rate = 0.02, .beta1 = 0.5, .beta2 = 0.99, .epsilon = 1e-3, .weight_decay = 0.1});
}

DEVICE_TEST(Optimizer, sgd_descends_along_the_gradient) {
  compare(device, {.method = Method::kSgd, .learning_rate = 0.1, .weight_decay = 0.1});
}

DEVICE_TEST(Optimizer, sgd_gathers_momentum) {
  compare(device, {.method = Method::kSgd, .learning_rate = 0.01, .momentum = 0.9});
  compare(device, {.method = Method::kSgd,
                   .learning_rate = 0.01,
                   .momentum = 0.9,
                   .nesterov = true,
                   .weight_decay = 0.01});
}

DEVICE_TEST(Optimizer, rms_prop_follows_pytorch) {
  compare(device, {.method = Method::kRmsprop, .learning_rate = 0.01});
  compare(device, {.method = Method::kRmsprop,
                   .learning_rate = 0.01,
                   .smoothing = 0.9,
                   .momentum = 0.5,
                   .weight_decay = 0.1});
}

DEVICE_TEST(Optimizer, clips_weights_and_norms) {
  compare(device, {.method = Method::kRmsprop, .learning_rate = 0.05, .clip_weights = 1.25});
  compare(device, {.method = Method::kSgd, .learning_rate = 0.1, .clip_norm = 3});
  compare(device, {.method = Method::kSgd, .learning_rate = 0.1, .clip_norm = 1e4});
}

// One parameter is NaN, and so is its gradient.
DEVICE_TEST(Optimizer, keeps_nan) {
  for (const Method method : {Method::kAdam, Method::kRmsprop, Method::kSgd}) {
    for (const double clip_weights : {0.0, 1.25}) {
      Run run(device, {.method = method, .clip_weights = clip_weights}, device.limits());
      run.write_nan();
      for (int step = 0; step < 3; ++step) run.step();
      const std::vector<float> values = run.trained();
      EXPECT_TRUE(std::isnan(values[0])) << int(method) << " clipped to " << clip_weights;
      EXPECT_TRUE(std::all_of(values.begin() + 1, values.end(),
                              [](float value) { return std::isfinite(value); }));
    }
  }
}

// As in PyTorch, a NaN norm turns all gradients into NaN.
DEVICE_TEST(Optimizer, does_not_clip_by_a_norm_of_nan) {
  Run run(device, {.clip_norm = 3}, device.limits());
  run.write_nan();
  run.step();
  EXPECT_TRUE(std::isnan(run.norm()));
  for (float value : run.trained()) ASSERT_TRUE(std::isnan(value));
}

DEVICE_TEST(Optimizer, follows_schedules) {
  using optim::Schedule;
  for (const Schedule& schedule :
       {Schedule{.warm_up_steps = 30},
        Schedule{.warm_up_steps = 4, .decay = Decay::kCosine, .steps = 12, .factor = 0.1},
        Schedule{.decay = Decay::kStep, .steps = 6, .factor = 0.5},
        Schedule{.warm_up_steps = 2, .decay = Decay::kExponential, .steps = 10, .factor = 0.1}}) {
    compare(device, {.learning_rate = 0.1, .schedule = schedule});
  }
}

DEVICE_TEST(Optimizer, walks_large_memory_in_ranges) {
  hal::Limits limits = device.limits();
  limits.max_binding_bytes = 700;
  compare(device, {.learning_rate = 0.1, .clip_norm = 3}, limits);
}

DEVICE_TEST(Optimizer, works_without_texel_buffers) {
  hal::Limits limits = device.limits();
  limits.features = 0;
  compare(device, {.learning_rate = 0.1, .clip_norm = 3}, limits);
}

DEVICE_TEST(Optimizer, computes_norms_only_where_they_are_used) {
  FlatModel model(device);
  auto dispatches = [&](double clip_norm) {
    optim::Optimizer optimizer(device, model.parameters, {.clip_norm = clip_norm});
    StepState step_state(device, "step_state");
    Graph graph(device.limits());
    optimizer.step(model.loss(graph), step_state.tensor(graph));
    return Step(device, graph, "update").dispatch_count();
  };
  EXPECT_LT(dispatches(0), dispatches(1));
}

// The first update equals the learning rate, whatever the gradient: bias corrections that
// lose digits would show here.
DEVICE_TEST(Optimizer, adam_begins_with_steps_of_the_learning_rate) {
  Run run(device, {.learning_rate = 1, .beta2 = 0.9999}, device.limits());
  std::vector<double> expected;
  for (float p : run.trained()) expected.push_back(p - (p > -2 ? 1.0 : -1.0));
  run.step();
  expect_close(run.trained(), expected, {0, 1e-5}, "parameters");
}

DEVICE_TEST(Optimizer, flushes_what_nears_the_denormals) {
  FlatModel model(device);
  optim::Optimizer adam(device, model.parameters, {});
  StepState step_state(device, "step_state");
  step_state.set(1000, 0);
  for (const auto& state : adam.state()) {
    upload(device, state.buffer,
           std::vector<float>(model.parameters.trainable_bytes() / 4, 1e-31f));
  }
  Graph graph(device.limits());
  Tensor loss = ops::constant(graph, {}, 0);  // depends on no parameter
  adam.step(loss, step_state.tensor(graph));
  Step step(device, graph, "adam");
  const std::vector<float> before = model.values(device);
  step.run();
  for (const auto& state : adam.state()) {
    for (float value : model.values(device, state.buffer)) ASSERT_EQ(value, 0) << state.name;
  }
  EXPECT_EQ(model.values(device), before);
}

DEVICE_TEST_WITH_NULL(Optimizer, remembers_what_its_method_needs) {
  FlatModel model(device);
  auto names = [&](const OptimizerOptions& options) {
    std::vector<std::string> names;
    optim::Optimizer optimizer(device, model.parameters, options);
    for (const auto& state : optimizer.state()) names.push_back(state.name);
    return names;
  };
  using Names = std::vector<std::string>;
  EXPECT_EQ(names({}), (Names{"first_moment", "second_moment"}));
  EXPECT_EQ(names({.method = Method::kSgd}), Names{});
  EXPECT_EQ(names({.method = Method::kSgd, .momentum = 0.9}), Names{"momentum"});
  EXPECT_EQ(names({.method = Method::kRmsprop}), Names{"square_average"});
}

DEVICE_TEST_WITH_NULL(Optimizer, refuses_impossible_options) {
  FlatModel model(device);
  auto refusal = [&](const OptimizerOptions& options) {
    return error_of([&] { optim::Optimizer(device, model.parameters, options); });
  };
  EXPECT_TRUE(contains(refusal({.learning_rate = 0}), "a learning rate > 0, got 0"));
  EXPECT_TRUE(contains(refusal({.beta1 = 1}), ">= 0 and < 1, got 1"));
  EXPECT_TRUE(contains(refusal({.method = Method::kSgd, .nesterov = true}), "a momentum > 0"));
  EXPECT_TRUE(contains(refusal({.clip_weights = -1}), "got 0, 0, -1"));
  EXPECT_TRUE(contains(refusal({.schedule = {.decay = Decay::kStep}}), "at least 1 decay step"));
  EXPECT_TRUE(contains(error_of([] { optim::method_by_name("lion"); }), "sgd, adam, adamw"));
}

}  // namespace
}  // namespace pumice::test
