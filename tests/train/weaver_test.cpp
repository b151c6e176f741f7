#include "engine/train/weaver.h"

#include <gtest/gtest.h>

#include "engine/hal/null/null_device.h"
#include "engine/models/gan/gan_trainer.h"
#include "engine/models/vae/vae_trainer.h"
#include "engine/nn/layers/linear.h"
#include "tests/support/devices.h"
#include "tests/train/bars.h"
#include "tests/train/trainer_checks.h"

namespace pumice::test {
namespace {

using train::NamedPrograms;
using train::Programs;

/// A small VAE with its trainer.
class VaeTraining {
 public:
  VaeTraining(hal::Device& device, const train::Datasets& data, uint64_t seed)
      : vae_(parameters_,
             {.image = {7, 9, 1},
              .latent_size = 3,
              .classes = 0,
              .encoder = {nn::Linear{.out = 12, .activation = "relu"}, nn::Linear{.out = 6}},
              .decoder = {nn::Linear{.out = 63}}}) {
    parameters_.allocate(device, "parameters");
    parameters_.initialize(device, seed);
    trainer_.emplace(device, vae_, parameters_, data,
                     models::VaeOptions{.batch = kBatch, .seed = seed});
  }
  models::VaeTrainer& trainer() { return *trainer_; }
  std::vector<const nn::Parameters*> parameters() const { return {&parameters_}; }

 private:
  nn::Parameters parameters_;
  models::Vae vae_;
  std::optional<models::VaeTrainer> trainer_;
};

/// A small GAN whose generator is trained at every third step.
class GanTraining {
 public:
  GanTraining(hal::Device& device, const train::Datasets& data, uint64_t seed)
      : gan_(generator_, discriminator_,
             {.image = {7, 9, 1},
              .latent_size = 4,
              .generator = {nn::Linear{.out = 63, .activation = "tanh"}},
              .discriminator = {nn::Linear{.out = 8, .activation = "leaky_relu"},
                                nn::Linear{.out = 1}}}) {
    for (nn::Parameters* parameters : {&generator_, &discriminator_}) {
      parameters->allocate(device, "parameters");
      parameters->initialize(device, seed);
    }
    models::GanOptions options{.batch = kBatch, .critic_steps = 3, .seed = seed};
    trainer_.emplace(device, gan_, generator_, discriminator_, nullptr, data, options);
  }
  models::GanTrainer& trainer() { return *trainer_; }
  std::vector<const nn::Parameters*> parameters() const { return {&generator_, &discriminator_}; }

 private:
  nn::Parameters generator_;
  nn::Parameters discriminator_;
  models::Gan gan_;
  std::optional<models::GanTrainer> trainer_;
};

/// Trains and tests an epoch of each, step by step together.
template <typename... Subject>
void train_epoch(hal::Device& device, Subject&... subject) {
  train::Weaver weaver(device);
  const std::vector<train::Trainer*> trainers{&subject.trainer()...};
  for (train::Trainer* trainer : trainers) trainer->begin_epoch();
  auto run = [&](const auto& next) {
    std::vector<NamedPrograms> steps;
    for (train::Trainer* trainer : trainers) {
      if (Programs programs = next(*trainer); !programs.empty()) steps.push_back({"run", programs});
    }
    weaver.run(steps);
    return !steps.empty();
  };
  while (run([](train::Trainer& trainer) { return trainer.next_step(keep_going); })) {
  }
  for (train::Trainer* trainer : trainers) {
    trainer->end_epoch();
    trainer->begin_test();
  }
  while (run([](train::Trainer& trainer) { return trainer.next_test_step(); })) {
  }
}

DEVICE_TEST(Weaver, gives_the_bytes_of_each_trainer_alone) {
  const train::Datasets data(device, bars(1), bars(2));
  VaeTraining a(device, data, 1), b(device, data, 2);
  GanTraining c(device, data, 3), d(device, data, 4);
  b.trainer().run_steps(1);  // not at the same step as the others
  d.trainer().run_steps(2);
  train_epoch(device, a, b, c, d);

  VaeTraining a_alone(device, data, 1), b_alone(device, data, 2);
  GanTraining c_alone(device, data, 3), d_alone(device, data, 4);
  for (train::Trainer* trainer : std::initializer_list<train::Trainer*>{
           &a_alone.trainer(), &b_alone.trainer(), &c_alone.trainer(), &d_alone.trainer()}) {
    trainer->run_steps(kStepsPerEpoch);
  }
  EXPECT_EQ(bytes_of(device, a), bytes_of(device, a_alone));
  EXPECT_EQ(bytes_of(device, b), bytes_of(device, b_alone));
  EXPECT_EQ(bytes_of(device, c), bytes_of(device, c_alone));
  EXPECT_EQ(bytes_of(device, d), bytes_of(device, d_alone));
  EXPECT_NE(bytes_of(device, a), bytes_of(device, b));
  EXPECT_EQ(a.trainer().end_test(), a_alone.trainer().evaluate());
  EXPECT_EQ(c.trainer().end_test(), c_alone.trainer().evaluate());
}

TEST(Weaver, runs_one_program_for_all) {
  const auto device = hal::null::create_device();
  const train::Datasets data(*device, bars(1), bars(2));
  VaeTraining a(*device, data, 1), b(*device, data, 2), c(*device, data, 3);
  for (VaeTraining* each : {&a, &b, &c}) each->trainer().begin_epoch();
  const hal::null::Counts before = device->counts();
  train::Weaver weaver(*device);
  for (int step = 0; step < 5; ++step) {
    std::vector<NamedPrograms> steps;
    for (VaeTraining* each : {&a, &b, &c}) {
      steps.push_back({"run", each->trainer().next_step(keep_going)});
    }
    weaver.run(steps);
  }
  EXPECT_EQ(device->counts().runs - before.runs, 5u);
  EXPECT_EQ(device->counts().programs - before.programs, 1u);
}

}  // namespace
}  // namespace pumice::test
