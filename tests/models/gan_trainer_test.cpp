#include "engine/models/gan/gan_trainer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/nn/layers/batch_norm.h"
#include "engine/nn/layers/conv2d.h"
#include "engine/nn/layers/conv_transpose2d.h"
#include "engine/nn/layers/dropout.h"
#include "engine/nn/layers/linear.h"
#include "engine/nn/layers/reshape.h"
#include "tests/support/devices.h"
#include "tests/support/transfer.h"
#include "tests/train/bars.h"
#include "tests/train/trainer_checks.h"

namespace pumice::test {
namespace {

using models::GanLoss;
using models::GanOptions;

std::vector<nn::Layer> hidden(bool normalised, const nn::Layer& last) {
  if (normalised) return {nn::Linear{.out = 32}, nn::BatchNorm{.activation = "relu"}, last};
  return {nn::Linear{.out = 32, .activation = "leaky_relu"}, last};
}

models::GanDescription dense(uint32_t classes) {
  return {.image = {7, 9, 1},
          .latent_size = 6,
          .classes = classes,
          .generator = hidden(true, nn::Linear{.out = 63, .activation = "tanh"}),
          .discriminator = hidden(false, nn::Linear{.out = 1})};
}

/// The kinds of layers that convolutional GANs have.
models::GanDescription convolutional(uint32_t classes) {
  return {
      .image = {7, 9, 1},
      .latent_size = 6,
      .classes = classes,
      .generator = {nn::Linear{.out = 80, .activation = "leaky_relu"},
                    nn::Reshape{.shape = {4, 5, 4}},
                    nn::ConvTranspose2d{.out = 6, .kernel = 4, .stride = 2},
                    nn::BatchNorm{.activation = "relu"},
                    nn::Conv2d{.out = 1, .kernel = 2, .padding = "valid", .activation = "sigmoid"}},
      .discriminator = {nn::Conv2d{.out = 4, .kernel = 3, .stride = 2, .activation = "leaky_relu"},
                        nn::Dropout{.rate = 0.1},
                        nn::Conv2d{.out = 6, .kernel = 3, .stride = 2, .activation = "leaky_relu"},
                        nn::Linear{.out = 1}},
      .range = models::PixelRange::kUnit};
}

GanOptions adam(GanLoss loss, double learning_rate = 5e-3) {
  GanOptions options{.batch = kBatch, .loss = loss, .average_decay = 0.9, .seed = 3};
  options.generator = {.learning_rate = learning_rate, .beta1 = 0.5};
  options.discriminator = options.generator;
  return options;
}

GanOptions clipped(double learning_rate = 5e-3) {
  GanOptions options = adam(GanLoss::kWasserstein, learning_rate);
  options.critic_steps = 5;
  options.discriminator = {
      .method = optim::Method::kRmsprop, .learning_rate = learning_rate, .clip_weights = 0.05};
  return options;
}

/// A small GAN with its trainer, from one seed.
class GanTraining {
 public:
  explicit GanTraining(hal::Device& device, const GanOptions& options = clipped(),
                       const models::GanDescription& description = dense(0))
      : description_(description),
        gan_(generator_, discriminator_, description),
        averaged_gan_(average_, unused_, description) {
    for (nn::Parameters* parameters : {&generator_, &discriminator_, &average_}) {
      parameters->allocate(device, "parameters");
      parameters->initialize(device, 3);
    }
    trainer_ =
        std::make_unique<models::GanTrainer>(device, gan_, generator_, discriminator_, &average_,
                                             train::Datasets(device, bars(1), bars(2)), options);
  }

  models::GanTrainer& trainer() { return *trainer_; }
  std::vector<const nn::Parameters*> parameters() const {
    return {&generator_, &discriminator_, &average_};
  }
  const nn::Parameters& discriminator() const { return discriminator_; }

  /// The mean image of a batch of samples, for a conditional model those of a class.
  std::vector<double> mean_image(hal::Device& device, uint32_t label = 0) {
    constexpr uint32_t kSamples = 64;
    Graph graph(device.limits());
    StepState step_state(device, "step_state");
    step_state.set(0, 99);
    Tensor latents = ops::normal(step_state.tensor(graph), {kSamples, description_.latent_size});
    hal::BufferPtr labels = upload(device, std::vector<uint32_t>(kSamples, label), "labels");
    Tensor given = graph.external(labels, {kSamples}, DType::kU32);
    Tensor mean =
        ops::mean(averaged_gan_.decode(latents, description_.classes > 0 ? given : Tensor{}), {0});
    Step step(device, graph, "sample", {mean});
    step.run();
    const std::vector<float> values = step.read_floats(mean);
    return {values.begin(), values.end()};
  }

 private:
  models::GanDescription description_;
  nn::Parameters generator_;
  nn::Parameters discriminator_;
  nn::Parameters average_;
  nn::Parameters unused_;
  models::Gan gan_;
  models::Gan averaged_gan_;
  std::unique_ptr<models::GanTrainer> trainer_;
};

double brightness(const std::vector<double>& image) {
  double total = 0;
  for (double pixel : image) total += pixel / image.size();
  return total;
}

const double kBarBrightness = 191.5 / 255 / kBarClasses;

struct Case {
  std::string name;
  GanOptions options;
  std::vector<std::string> metrics;
};

std::vector<Case> cases() {
  GanOptions smoothed = adam(GanLoss::kNonSaturating);
  smoothed.mixed = true;
  smoothed.label_smoothing = 0.1;
  GanOptions penalised = adam(GanLoss::kWassersteinGp);
  penalised.critic_steps = 5;
  const std::vector<std::string> bce = {"d_loss",          "d_real", "d_fake",         "js",
                                        "d_gradient_norm", "g_loss", "g_gradient_norm"};
  return {{"non_saturating", adam(GanLoss::kNonSaturating), bce},
          {"smoothed and mixed", smoothed, bce},
          {"minimax", adam(GanLoss::kMinimax), bce},
          {"wasserstein",
           clipped(),
           {"d_loss", "em_distance", "d_gradient_norm", "g_loss", "g_gradient_norm"}},
          {"wasserstein_gp",
           penalised,
           {"d_loss", "em_distance", "gradient_penalty", "d_gradient_norm", "g_loss",
            "g_gradient_norm"}},
          {"hinge",
           adam(GanLoss::kHinge),
           {"d_loss", "d_real", "d_fake", "d_gradient_norm", "g_loss", "g_gradient_norm"}}};
}

DEVICE_TEST(GanTrainer, every_loss_learns_how_bright_images_are) {
  for (const Case& c : cases()) {
    SCOPED_TRACE(c.name);
    GanTraining training(device, c.options);
    EXPECT_EQ(training.trainer().metric_names(), c.metrics);
    const double before = brightness(training.mean_image(device));
    for (int epoch = 0; epoch < 10; ++epoch) training.trainer().run_epoch(keep_going);
    const double after = brightness(training.mean_image(device));
    EXPECT_LT(std::abs(after - kBarBrightness), 0.5 * std::abs(before - kBarBrightness));
    EXPECT_EQ(training.trainer().evaluate().size(), training.trainer().test_metric_names().size());
  }
}

// Compares js and em_distance with the losses that they are computed from.
DEVICE_TEST(GanTrainer, estimates_distances) {
  GanTraining bce(device, adam(GanLoss::kNonSaturating));
  bce.trainer().run_steps(10);
  for (const Metrics& step : bce.trainer().step_metrics()) {
    const double loss = value_of(step, "d_loss");
    EXPECT_NEAR(value_of(step, "js"), (std::log(4.0) - loss) / 2, 1e-5);
    EXPECT_GT(value_of(step, "d_real"), 0);
    EXPECT_LT(value_of(step, "d_fake"), 1);
  }
  GanTraining critic(device, clipped());
  critic.trainer().run_steps(10);
  const std::vector<Metrics> steps = critic.trainer().step_metrics();
  for (const Metrics& step : steps) {
    EXPECT_NEAR(value_of(step, "em_distance"), -value_of(step, "d_loss"), 1e-6);
  }
  EXPECT_GT(value_of(steps[4], "em_distance"), value_of(steps[0], "em_distance"));
  GanOptions options = clipped();
  options.estimates_js = true;
  GanTraining with_js(device, options);
  with_js.trainer().run_steps(10);
  const std::vector<Metrics> same = with_js.trainer().step_metrics();
  for (size_t i = 0; i < same.size(); ++i) {
    EXPECT_EQ(value_of(same[i], "em_distance"), value_of(steps[i], "em_distance"));
    EXPECT_NE(value_of(same[i], "js"), 0);
  }
  EXPECT_EQ(value_of(steps[3], "g_loss"), 0);  // five critic steps come first
  EXPECT_NE(value_of(steps[4], "g_loss"), 0);
  EXPECT_EQ(value_of(steps[5], "g_loss"), value_of(steps[4], "g_loss"));
}

DEVICE_TEST(GanTrainer, averages_over_the_steps_that_ran) {
  GanTraining critic(device, clipped());
  critic.trainer().run_epoch(keep_going);
  const std::vector<Metrics> steps = critic.trainer().step_metrics();
  const std::vector<train::StepMetrics> parts = critic.trainer().averages_by(4);
  ASSERT_EQ(parts.size(), 3u);
  EXPECT_TRUE(std::isnan(value_of(parts[0].metrics, "g_loss")));  // five critic steps come first
  EXPECT_EQ(value_of(parts[1].metrics, "g_loss"), value_of(steps[4], "g_loss"));
  EXPECT_EQ(value_of(parts[2].metrics, "g_loss"), value_of(steps[9], "g_loss"));
}

DEVICE_TEST(GanTrainer, trains_convolutions) {
  GanOptions mixed = adam(GanLoss::kNonSaturating);
  mixed.mixed = true;
  GanTraining training(device, mixed, convolutional(0));
  const double before = brightness(training.mean_image(device));
  for (int epoch = 0; epoch < 3; ++epoch) training.trainer().run_epoch(keep_going);
  const double after = brightness(training.mean_image(device));
  EXPECT_LT(std::abs(after - kBarBrightness), 0.5 * std::abs(before - kBarBrightness));
}

DEVICE_TEST(GanTrainer, penalises_conditional_convolutions) {
  GanTraining training(device, adam(GanLoss::kWassersteinGp), convolutional(kBarClasses));
  const double before = value_of(training.trainer().run_epoch(keep_going), "gradient_penalty");
  for (int epoch = 0; epoch < 2; ++epoch) training.trainer().run_epoch(keep_going);
  const double after = value_of(training.trainer().run_epoch(keep_going), "gradient_penalty");
  EXPECT_LT(after, 0.6 * before);
}

DEVICE_TEST(GanTrainer, keeps_the_critics_weights_clipped) {
  GanTraining training(device, clipped(0.02));
  training.trainer().run_steps(7);
  const hal::BufferPtr& buffer = training.discriminator().buffer();
  const std::vector<float> weights = download<float>(device, buffer, buffer->bytes() / 4);
  const auto [low, high] = std::minmax_element(weights.begin(), weights.end());
  EXPECT_EQ(*high, 0.05f);
  EXPECT_EQ(*low, -0.05f);
}

DEVICE_TEST(GanTrainer, repeats_and_resumes_to_the_bit) {
  expect_repeats_and_resumes<GanTraining>(device, 7, 9);  // in the middle of five critic steps
}

DEVICE_TEST(GanTrainer, counts_generator_steps_across_epochs) {
  GanTraining training(device, clipped());
  for (int epoch = 0; epoch < 3; ++epoch) training.trainer().run_epoch(keep_going);
  // Of steps 25 … 36, the generator runs its steps 5 to 7 at 25, 30 and 35.
  const std::vector<Metrics> steps = training.trainer().step_metrics();
  ASSERT_EQ(steps.size(), kStepsPerEpoch);
  EXPECT_NE(value_of(steps[0], "g_loss"), 0);
  EXPECT_EQ(value_of(steps[4], "g_loss"), value_of(steps[0], "g_loss"));
  EXPECT_NE(value_of(steps[5], "g_loss"), value_of(steps[0], "g_loss"));
}

DEVICE_TEST(GanTrainer, a_condition_chooses_what_is_drawn) {
  GanTraining training(device, adam(GanLoss::kNonSaturating), dense(kBarClasses));
  for (int epoch = 0; epoch < 40; ++epoch) training.trainer().run_epoch(keep_going);
  uint32_t right = 0;
  for (uint32_t label = 0; label < kBarClasses; ++label) {
    const std::vector<double> image = training.mean_image(device, label);
    const auto brightest = std::max_element(image.begin(), image.end()) - image.begin();
    right += static_cast<uint32_t>(brightest / 9) == label ? 1 : 0;
  }
  EXPECT_GE(right, kBarClasses - 1);
}

DEVICE_TEST(GanTrainer, names_the_first_tensor_that_is_not_finite) {
  GanTraining training(device, adam(GanLoss::kHinge, 1e25));
  expect_explains(device, training, "g_loss");  // runs right after the critic's update
}

// Clipping must not turn a NaN weight into the bound.
DEVICE_TEST(GanTrainer, finds_a_weight_that_is_not_a_number) {
  for (const GanOptions& options : {clipped(), adam(GanLoss::kHinge)}) {
    for (size_t network : {0, 1}) {
      GanTraining training(device, options);
      expect_finds_nan(device, training, *training.parameters()[network]);
    }
  }
}

// The generator's step generates a whole batch, the critic's step on mixed images half a batch.
DEVICE_TEST_WITH_NULL(GanTrainer, refuses_batch_norm_over_one_value) {
  auto refusal = [&](uint32_t batch, bool mixed) {
    GanOptions options = adam(GanLoss::kNonSaturating);
    options.batch = batch;
    options.mixed = mixed;
    return error_of([&] { GanTraining(device, options); });
  };
  const std::string expected =
      "generator.1 (batch_norm): expects at least 2 values per channel in a training step, got 1: "
      "a batch of 1 and 32 channels; use a larger batch or layer_norm";
  EXPECT_EQ(refusal(1, false), expected);
  EXPECT_EQ(refusal(2, true), expected);
  EXPECT_EQ(refusal(2, false), "(no error)");
  EXPECT_EQ(refusal(4, true), "(no error)");
}

// The discriminator's step treats the generator's images as constants.
DEVICE_TEST_WITH_NULL(GanTrainer, the_critics_step_skips_the_generators_gradients) {
  GanTraining training(device, adam(GanLoss::kNonSaturating));
  auto differentiates_generator = [&](size_t program) {
    const auto& dispatches = training.trainer().programs()[program]->plan().dispatches;
    return std::any_of(dispatches.begin(), dispatches.end(), [](const hal::Dispatch& dispatch) {
      return contains(dispatch.label, "gradient of generator");
    });
  };
  EXPECT_FALSE(differentiates_generator(0));
  EXPECT_TRUE(differentiates_generator(1));
}

DEVICE_TEST_WITH_NULL(GanTrainer, refuses_what_does_not_fit) {
  auto refusal = [&](GanOptions options, uint32_t classes = 0) {
    return error_of([&] { GanTraining(device, options, dense(classes)); });
  };
  GanOptions odd = adam(GanLoss::kHinge);
  odd.batch = 15;
  odd.mixed = true;
  EXPECT_TRUE(contains(refusal(odd), "an even batch, got 15"));
  odd.batch = 16;
  EXPECT_TRUE(contains(refusal(odd, kBarClasses), "'mixed' must be false"));
  EXPECT_TRUE(
      contains(refusal(adam(GanLoss::kWasserstein)), "expects clipping of the critic's weights"));
  EXPECT_TRUE(contains(error_of([] { models::gan_loss_by_name("js"); }), "got 'js'"));
}

}  // namespace
}  // namespace pumice::test
