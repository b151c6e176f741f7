#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "engine/hal/cpu/cpu_device.h"
#include "engine/models/classifier/classifier_trainer.h"
#include "engine/models/flow/flow_trainer.h"
#include "engine/models/gan/gan_trainer.h"
#include "engine/models/vae/vae_trainer.h"
#include "engine/nn/layers/batch_norm.h"
#include "engine/nn/layers/dropout.h"
#include "engine/nn/layers/linear.h"
#include "tests/support/thread_ranks.h"
#include "tests/train/bars.h"
#include "tests/train/trainer_checks.h"

namespace pumice::test {
namespace {

using train::Parallel;
using train::Ranks;

/// A network with its trainer, on a device of its own.
struct Subject {
  virtual ~Subject() = default;
  virtual train::Trainer& trainer() = 0;
  virtual std::vector<const nn::Parameters*> parameters() const = 0;

  std::unique_ptr<hal::Device> device = hal::cpu::create_device({.threads = 1});
};

void prepare(hal::Device& device, std::initializer_list<nn::Parameters*> all) {
  for (nn::Parameters* parameters : all) {
    parameters->allocate(device, "parameters");
    parameters->initialize(device, 3);
  }
}

train::Datasets data_on(hal::Device& device) { return {device, bars(1), bars(2)}; }

struct VaeSubject final : Subject {
  explicit VaeSubject(const Parallel& parallel) {
    prepare(*device, {&parameters_});
    models::VaeOptions options{.batch = kBatch, .kl_warm_up_steps = 5, .parallel = parallel};
    options.optimizer = {.method = optim::Method::kAdamw, .weight_decay = 0.01, .clip_norm = 3};
    trainer_.emplace(*device, vae_, parameters_, data_on(*device), options);
  }
  train::Trainer& trainer() override { return *trainer_; }
  std::vector<const nn::Parameters*> parameters() const override { return {&parameters_}; }

  nn::Parameters parameters_;
  models::Vae vae_{
      parameters_,
      {.image = {7, 9, 1},
       .latent_size = 5,
       .encoder = {nn::Linear{.out = 23, .activation = "relu"}, nn::Dropout{.rate = 0.1},
                   nn::Linear{.out = 10}},
       .decoder = {nn::Linear{.out = 24, .activation = "leaky_relu"}, nn::Linear{.out = 63}}}};
  std::optional<models::VaeTrainer> trainer_;
};

struct GanSubject final : Subject {
  GanSubject(models::GanOptions options, bool is_normalised, bool is_spectral,
             const Parallel& parallel)
      : description_(description(is_normalised, is_spectral)),
        gan_(generator_, discriminator_, description_),
        averaged_(average_, unused_, description_) {
    prepare(*device, {&generator_, &discriminator_, &average_});
    options.batch = kBatch;
    options.average_decay = 0.9;
    options.parallel = parallel;
    trainer_.emplace(*device, gan_, generator_, discriminator_, &average_, data_on(*device),
                     options);
  }
  static models::GanDescription description(bool is_normalised, bool is_spectral) {
    std::vector<nn::Layer> generator = {nn::Linear{.out = 16, .activation = "relu"},
                                        nn::Linear{.out = 63, .activation = "tanh"}};
    std::vector<nn::Layer> discriminator = {
        nn::Linear{.out = 16, .spectral_norm = is_spectral, .activation = "leaky_relu"},
        nn::Dropout{.rate = 0.1}, nn::Linear{.out = 1}};
    if (is_normalised) {
      generator.insert(generator.begin() + 1, nn::BatchNorm{});
      discriminator.insert(discriminator.begin() + 1, nn::BatchNorm{.activation = "leaky_relu"});
    }
    return {.image = {7, 9, 1},
            .latent_size = 5,
            .generator = generator,
            .discriminator = discriminator};
  }
  train::Trainer& trainer() override { return *trainer_; }
  std::vector<const nn::Parameters*> parameters() const override {
    return {&generator_, &discriminator_, &average_};
  }

  models::GanDescription description_;
  nn::Parameters generator_, discriminator_, average_, unused_;
  models::Gan gan_, averaged_;
  std::optional<models::GanTrainer> trainer_;
};

struct FlowSubject final : Subject {
  explicit FlowSubject(const Parallel& parallel) {
    prepare(*device, {&parameters_, &average_});
    models::FlowOptions options{
        .batch = kBatch, .label_drop = 0.2, .average_decay = 0.9, .parallel = parallel};
    options.optimizer = {.clip_norm = 0.5};
    trainer_.emplace(*device, flow_, parameters_, &average_, data_on(*device), options);
  }
  static models::FlowDescription description() {
    return {.image = {7, 9, 1},
            .latent_size = 63,
            .classes = kBarClasses,
            .time_size = 8,
            .velocity = {nn::Linear{.out = 24, .activation = "silu"}, nn::Linear{.out = 63}}};
  }
  train::Trainer& trainer() override { return *trainer_; }
  std::vector<const nn::Parameters*> parameters() const override {
    return {&parameters_, &average_};
  }

  nn::Parameters parameters_, average_;
  models::Flow flow_{parameters_, description()}, averaged_{average_, description()};
  std::optional<models::FlowTrainer> trainer_;
};

struct ClassifierSubject final : Subject {
  explicit ClassifierSubject(const Parallel& parallel) {
    prepare(*device, {&parameters_});
    models::ClassifierOptions options{
        .batch = kBatch, .parallel = parallel, .augmentation = {.flip = true, .crop = 2}};
    options.optimizer = {.method = optim::Method::kSgd,
                         .learning_rate = 0.02,
                         .momentum = 0.9,
                         .weight_decay = 0.01};
    trainer_.emplace(*device, classifier_, parameters_, data_on(*device), options);
  }
  train::Trainer& trainer() override { return *trainer_; }
  std::vector<const nn::Parameters*> parameters() const override { return {&parameters_}; }

  nn::Parameters parameters_;
  models::Classifier classifier_{
      parameters_,
      {.image = {7, 9, 1},
       .classes = kBarClasses,
       .layers = {nn::Linear{.out = 16, .activation = "relu"}, nn::Linear{.out = kBarClasses}}}};
  std::optional<models::ClassifierTrainer> trainer_;
};

using Make = std::function<std::unique_ptr<Subject>(const Parallel&)>;

models::GanOptions gan_options(models::GanLoss loss) {
  models::GanOptions options{.loss = loss};
  options.generator = {.learning_rate = 1e-3, .beta1 = 0.5};
  options.discriminator = options.generator;
  return options;
}

Make gan(models::GanOptions options, bool is_normalised = false, bool is_spectral = false) {
  return [=](const Parallel& parallel) {
    return std::make_unique<GanSubject>(options, is_normalised, is_spectral, parallel);
  };
}

template <typename Kind>
Make make() {
  return [](const Parallel& parallel) { return std::make_unique<Kind>(parallel); };
}

struct Case {
  std::string name;
  Make make;
};

std::vector<Case> cases() {
  models::GanOptions penalised = gan_options(models::GanLoss::kWassersteinGp);
  penalised.critic_steps = 3;
  penalised.discriminator.clip_norm = 1;
  models::GanOptions mixed = gan_options(models::GanLoss::kNonSaturating);
  mixed.mixed = true;
  models::GanOptions clipped = gan_options(models::GanLoss::kWasserstein);
  clipped.discriminator.clip_weights = 0.05;
  return {{"vae", make<VaeSubject>()},
          {"flow", make<FlowSubject>()},
          {"wgan-gp", gan(penalised)},
          {"mixed", gan(mixed)},
          {"wgan", gan(clipped)},
          {"hinge", gan(gan_options(models::GanLoss::kHinge))},
          {"classifier", make<ClassifierSubject>()}};
}

/// What is left of a training on one rank.
struct Trained {
  std::vector<Metrics> steps;
  Metrics test;
  TrainedBytes bytes;
  bool operator==(const Trained&) const = default;
};

TrainedBytes saved(Subject& subject) {
  TrainedBytes all{.step = subject.trainer().step(), .bytes = {}};
  for (const nn::Parameters* parameters : subject.parameters()) {
    all.bytes.push_back(subject.device->read(*parameters->buffer())->take());
  }
  for (const train::NamedState& state : subject.trainer().state()) {
    all.bytes.push_back(subject.trainer().read(state));
  }
  return all;
}

Trained finish(Subject& subject) {
  Trained result{.steps = subject.trainer().step_metrics(), .test = subject.trainer().evaluate()};
  result.bytes = saved(subject);
  return result;
}

/// The results of all ranks.
std::vector<Trained> trained(const Make& make, uint32_t size, uint32_t steps,
                             Parallel parallel = {}) {
  std::vector<Trained> results(size);
  ThreadRanks(size).run([&](Ranks& ranks) {
    Parallel own = parallel;
    own.ranks = &ranks;
    const auto subject = make(own);
    subject->trainer().run_steps(steps);
    results[ranks.rank()] = finish(*subject);
  });
  return results;
}

double largest_difference(const std::vector<std::byte>& a, const std::vector<std::byte>& b) {
  const std::vector<float> left = to_floats(a, a.size() / 4), right = to_floats(b, b.size() / 4);
  double largest = 0;
  for (size_t i = 0; i < left.size(); ++i) {
    largest = std::max(largest, std::abs(double(left[i]) - right[i]));
  }
  return largest;
}

void expect_near(const Metrics& found, const Metrics& expected, const std::string& where) {
  ASSERT_EQ(found.size(), expected.size());
  for (size_t i = 0; i < found.size(); ++i) {
    const double value = expected[i].value;
    EXPECT_NEAR(found[i].value, value, 1e-5 * std::max(1.0, std::abs(value)))
        << where << " " << expected[i].name;
  }
}

TEST(SharedTraining, GivesWhatOneRankGives) {
  for (const Case& c : cases()) {
    const Trained alone = trained(c.make, 1, 100)[0];
    for (uint32_t size : {2, 3, 4}) {
      const std::string where = fmt::format("{}, {} ranks", c.name, size);
      const Trained together = trained(c.make, size, 100)[0];
      ASSERT_EQ(together.steps.size(), alone.steps.size());
      for (size_t i = 0; i < alone.steps.size(); ++i) {
        expect_near(together.steps[i], alone.steps[i], where);
      }
      expect_near(together.test, alone.test, where + " test");
      for (size_t i = 0; i < alone.bytes.bytes.size(); ++i) {
        EXPECT_LT(largest_difference(together.bytes.bytes[i], alone.bytes.bytes[i]), 1e-5)
            << where << " memory " << i;
      }
    }
  }
}

TEST(SharedTraining, LeavesTheSameBytesOnAllRanksAndEveryTime) {
  for (const Case& c : cases()) {
    const std::vector<Trained> first = trained(c.make, 3, 20);
    EXPECT_EQ(first, trained(c.make, 3, 20)) << c.name;
    EXPECT_EQ(first[1], first[0]) << c.name;
    EXPECT_EQ(first[2], first[0]) << c.name;
  }
}

TEST(SharedTraining, NormalisesByTheRowsOfARank) {
  const Make make = gan(gan_options(models::GanLoss::kNonSaturating), true);
  const std::vector<Trained> first = trained(make, 2, 20);
  EXPECT_EQ(first, trained(make, 2, 20));
  EXPECT_EQ(first[1], first[0]);  // after a test, which takes the running statistics of rank 0
  EXPECT_NE(first[0].bytes, trained(make, 1, 20)[0].bytes);
}

TEST(SharedTraining, NormalisesByTheWholeBatchIfTold) {
  // Adam would make whole steps of gradients that are zero but for rounding, as before batch norm.
  models::GanOptions options = gan_options(models::GanLoss::kHinge);
  options.generator = {.method = optim::Method::kSgd, .learning_rate = 0.05};
  options.discriminator = options.generator;
  const Make make = gan(options, true);
  const Trained alone = trained(make, 1, 24)[0];
  for (uint32_t size : {2, 3}) {
    const std::vector<Trained> together = trained(make, size, 24, {.sync_batch_norm = true});
    EXPECT_EQ(together[1], together[0]);
    for (size_t i = 0; i < alone.steps.size(); ++i) {
      expect_near(together[0].steps[i], alone.steps[i], fmt::format("{} ranks", size));
    }
    for (size_t i = 0; i < 3; ++i) {  // parameters, with the running statistics
      EXPECT_LT(largest_difference(together[0].bytes.bytes[i], alone.bytes.bytes[i]), 1e-4);
    }
  }
}

TEST(SharedTraining, ResumesExactlyOnTheSameNumberOfRanks) {
  for (const Case& c : cases()) {
    const std::vector<Trained> whole = trained(c.make, 2, 20);
    TrainedBytes half;
    std::vector<Trained> resumed(2);
    ThreadRanks(2).run([&](Ranks& ranks) {
      const auto subject = c.make({&ranks});
      subject->trainer().run_steps(7);
      const TrainedBytes mine = saved(*subject);
      if (ranks.rank() == 0) half = mine;
    });
    ThreadRanks(2).run([&](Ranks& ranks) {
      const auto subject = c.make({&ranks});
      const std::vector<hal::BufferPtr> memory = memory_of(*subject);
      for (size_t i = 0; i < memory.size(); ++i) subject->device->write(*memory[i], half.bytes[i]);
      subject->trainer().resume_at(half.step);
      subject->trainer().run_steps(13);
      resumed[ranks.rank()] = finish(*subject);
    });
    EXPECT_EQ(resumed, whole) << c.name;
  }
}

/// Those in which something depends on how a batch is cut, too.
std::vector<Case> cases_with_statistics() {
  std::vector<Case> all = cases();
  all.push_back({"batch norm", gan(gan_options(models::GanLoss::kNonSaturating), true)});
  all.push_back({"spectral norm", gan(gan_options(models::GanLoss::kHinge), false, true)});
  return all;
}

TEST(SharedTraining, GivesTheSameBytesOnAnyNumberOfRanksWithShards) {
  for (const Case& c : cases_with_statistics()) {
    const Trained alone = trained(c.make, 1, 20, {.shards = 4})[0];
    for (uint32_t size : {2, 4}) {
      for (const Trained& rank : trained(c.make, size, 20, {.shards = 4})) {
        EXPECT_EQ(rank, alone) << c.name << ", " << size << " ranks";
      }
    }
  }
}

TEST(SharedTraining, GivesWithShardsWhatTheWholeBatchGives) {
  for (const Case& c : cases()) {
    const Trained whole = trained(c.make, 1, 100)[0];
    const Trained shards = trained(c.make, 1, 100, {.shards = 8})[0];
    for (size_t i = 0; i < whole.steps.size(); ++i) {
      expect_near(shards.steps[i], whole.steps[i], c.name);
    }
    for (size_t i = 0; i < whole.bytes.bytes.size(); ++i) {
      EXPECT_LT(largest_difference(shards.bytes.bytes[i], whole.bytes.bytes[i]), 1e-5)
          << c.name << " memory " << i;
    }
  }
}

/// Trains from `bytes`, if there are any.
TrainedBytes continued(const Case& c, uint32_t size, uint32_t steps, const TrainedBytes& bytes) {
  TrainedBytes result;
  ThreadRanks(size).run([&](Ranks& ranks) {
    const auto subject = c.make({&ranks, 4});
    const std::vector<hal::BufferPtr> memory = memory_of(*subject);
    for (size_t i = 0; i < bytes.bytes.size(); ++i) {
      subject->device->write(*memory[i], bytes.bytes[i]);
    }
    subject->trainer().resume_at(bytes.step);
    subject->trainer().run_steps(steps);
    const TrainedBytes mine = saved(*subject);
    if (ranks.rank() == 0) result = mine;
  });
  return result;
}

TEST(SharedTraining, ResumesExactlyOnAnotherNumberOfRanksWithShards) {
  for (const Case& c : cases_with_statistics()) {
    const TrainedBytes four = continued(c, 4, 7, {});
    const TrainedBytes one = continued(c, 1, 6, continued(c, 2, 7, four));
    EXPECT_EQ(one, continued(c, 1, 20, {})) << c.name;
  }
}

TEST(SharedTraining, FindsTheFirstBadNumberOfAnyShard) {
  VaeSubject subject({.shards = 4});
  expect_finds_nan(*subject.device, subject, subject.parameters_);
}

TEST(SharedTraining, ReportsAndStopsAtTheSameStep) {
  std::vector<uint32_t> steps(2);
  ThreadRanks(2).run([&](Ranks& ranks) {
    const auto subject = make<VaeSubject>()({&ranks});
    subject->trainer().run_epoch([&](const train::Progress&) { return !ranks.any(true); });
    steps[ranks.rank()] = subject->trainer().step();
  });
  EXPECT_EQ(steps[0], steps[1]);
  EXPECT_LT(steps[0], kStepsPerEpoch);
}

TEST(SharedTraining, NamesTheRankOfTheFirstBadNumber) {
  std::vector<std::string> messages(2);
  ThreadRanks(2).run([&](Ranks& ranks) {
    const auto subject = make<VaeSubject>()({&ranks});
    const nn::Parameters& parameters = *subject->parameters()[0];
    std::vector<std::byte> bytes = subject->device->read(*parameters.buffer())->take();
    const float nan = std::nanf("");
    if (ranks.rank() == 1) std::memcpy(bytes.data(), &nan, sizeof(nan));
    subject->device->write(*parameters.buffer(), bytes);
    messages[ranks.rank()] = error_of([&] { subject->trainer().run_epoch(go_on); });
  });
  EXPECT_TRUE(
      messages[0].starts_with("training stopped at step 1: the loss is not finite; first in "))
      << messages[0];
  EXPECT_TRUE(messages[0].ends_with(" on rank 1")) << messages[0];
  EXPECT_EQ(messages[1], messages[0]);
}

TEST(SharedTraining, AveragesAfterStepsOfItsOwn) {
  for (const Case& c : cases()) {
    const std::vector<Trained> first = trained(c.make, 3, 24, {.sync_every = 5});
    EXPECT_EQ(first, trained(c.make, 3, 24, {.sync_every = 5})) << c.name;
    EXPECT_EQ(first[1], first[0]) << c.name;
    EXPECT_NE(first[0].bytes, trained(c.make, 3, 24)[0].bytes) << c.name;
    for (const Metrics& step : first[0].steps) {
      for (const Metric& metric : step) EXPECT_TRUE(std::isfinite(metric.value)) << c.name;
    }
  }
}

TEST(SharedTraining, NeedsAnImageForEachRank) {
  ThreadRanks(kBatch + 1).run([](Ranks& ranks) {
    EXPECT_EQ(error_of([&] { make<VaeSubject>()({&ranks}); }),
              "vae: expected a batch of at least 17 images, one for each rank, got 16");
  });
}

}  // namespace
}  // namespace pumice::test
