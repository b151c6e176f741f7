// Numbers that are not finite although the metrics are.
#include "engine/train/watch.h"

#include <gtest/gtest.h>

#include <cmath>
#include <cstring>
#include <limits>

#include "engine/ops/ops.h"
#include "tests/support/contains.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/train/bars.h"
#include "tests/train/trainer_checks.h"

namespace pumice::test {
namespace {

const Shape kBarImage = {kBarClasses, 9, 1};

/// Trains the single number `weight`, from 0, to make slope · weight small. Its only metric is the
/// clamped weight, which is finite even if the weight is infinite.
class SlopeTrainer : public train::Trainer {
 public:
  SlopeTrainer(hal::Device& device, const nn::Parameters& parameters, float slope,
               const optim::OptimizerOptions& options)
      : Trainer(device, train::Datasets(device, bars(1), bars(2)),
                {.name = "slope", .image = kBarImage, .batch = kBatch}),
        optimizer_(device, parameters, options) {
    add_parameters(parameters);
    add_optimizer(optimizer_);
    const auto build = [this, &parameters, slope](const Tensor& step_state,
                                                  bool trains) -> Tensors {
      const Tensor weight = ops::reshape(parameters.tensor(step_state.graph(), 0), {});
      if (trains) optimizer_.step(ops::affine(weight, slope, 0), step_state);
      return {ops::clamp(weight, -1, 1)};
    };
    add_program({.name = "train", .metrics = {"clamped"}, .build = [build](const Tensor& state) {
                   return build(state, true);
                 }});
    set_test({.name = "test", .metrics = {"clamped"}, .build = [build](const Tensor& state) {
                return build(state, false);
              }});
  }

 private:
  optim::Optimizer optimizer_;
};

class Slope {
 public:
  Slope(hal::Device& device, float slope, const optim::OptimizerOptions& options)
      : device_(device) {
    parameters_.add({.name = "weight", .shape = {1}});
    parameters_.allocate(device, "parameters");
    parameters_.initialize(device, 1);
    trainer_ = std::make_unique<SlopeTrainer>(device, parameters_, slope, options);
  }

  train::Trainer& trainer() { return *trainer_; }
  std::vector<const nn::Parameters*> parameters() const { return {&parameters_}; }
  /// Makes the average of the gradient's squares infinite.
  void disturb() const {
    for (const train::NamedState& state : trainer_->state()) {
      if (state.name != "optimizer.second_moment") continue;
      std::vector<std::byte> bytes = device_.read(*state.buffer)->take();
      const float infinity = std::numeric_limits<float>::infinity();
      std::memcpy(bytes.data(), &infinity, sizeof(infinity));
      device_.write(*state.buffer, bytes);
    }
  }

 private:
  hal::Device& device_;
  nn::Parameters parameters_;
  std::unique_ptr<train::Trainer> trainer_;
};

// With betas, which SGD does not use, that keep all of the rates finite.
optim::OptimizerOptions sgd(double learning_rate) {
  return {
      .method = optim::Method::kSgd, .learning_rate = learning_rate, .beta1 = 0.5, .beta2 = 0.5};
}

std::string message_of_epoch(hal::Device& device, Slope& slope) {
  const TrainedBytes before = bytes_of(device, slope);
  const std::string message = error_of([&] { slope.trainer().run_epoch(keep_going); });
  EXPECT_EQ(bytes_of(device, slope), before);
  return message;
}

// The last step leads from -3.3e38 to -3.6e38, which f32 does not have. One more would give a NaN,
// which the metric shows.
DEVICE_TEST(Watch, names_the_step_of_an_infinite_weight) {
  Slope slope(device, 1, sgd(3e37));
  EXPECT_EQ(message_of_epoch(device, slope),
            fmt::format("training stopped at step {}: the tensor 'weight' is not finite; element 0 "
                        "is -inf",
                        kStepsPerEpoch));
}

// Such an average would only stop the training of its weight.
DEVICE_TEST(Watch, names_an_infinite_average_of_squares) {
  Slope slope(device, 1e30f, {});
  EXPECT_EQ(message_of_epoch(device, slope),
            "training stopped at step 1: the tensor 'optimizer.second_moment of weight' is not "
            "finite; element 0 is inf");
}

// As broken memory would give it.
DEVICE_TEST(Watch, says_if_repeating_the_steps_gives_something_else) {
  Slope slope(device, 1, {});
  const auto disturb = [&](const train::Progress&) {
    slope.disturb();
    return true;
  };
  slope.trainer().run_steps(2);
  const std::string message = error_of([&] { slope.trainer().run_epoch(disturb); });
  EXPECT_EQ(message, fmt::format("training stopped at step {}: the tensor "
                                 "'optimizer.second_moment of weight' is not finite; element 0 is "
                                 "inf, which was not reproduced when the steps were "
                                 "repeated",
                                 kStepsPerEpoch));
  EXPECT_EQ(slope.trainer().step(), 2u);
}

DEVICE_TEST(Watch, finds_nothing_where_everything_is_finite) {
  Slope slope(device, 1, sgd(1e37));
  slope.trainer().run_epoch(keep_going);
  EXPECT_EQ(slope.trainer().step(), kStepsPerEpoch);
}

DEVICE_TEST(Watch, finds_the_last_number_of_large_memory) {
  nn::Parameters parameters;
  parameters.add({.name = "first", .shape = {1000}});
  parameters.add({.name = "last", .shape = {70001}});
  parameters.allocate(device, "parameters");
  parameters.initialize(device, 1);
  train::Watch watch(device, {{.name = "", .buffer = parameters.buffer(), .layout = &parameters}});
  EXPECT_FALSE(train::Watch::is_bad(*watch.run()));
  EXPECT_FALSE(watch.find());
  for (const float bad : {std::numeric_limits<float>::infinity(), -std::nanf("")}) {
    std::vector<std::byte> bytes = device.read(*parameters.buffer())->take();
    std::memcpy(&bytes[parameters.list()[1].byte_offset + 70000 * sizeof(float)], &bad,
                sizeof(bad));
    device.write(*parameters.buffer(), bytes);
    EXPECT_TRUE(train::Watch::is_bad(*watch.run()));
    EXPECT_EQ(watch.find()->tensor, "last");
    EXPECT_EQ(watch.find()->index, 70000u);
  }
}

}  // namespace
}  // namespace pumice::test
