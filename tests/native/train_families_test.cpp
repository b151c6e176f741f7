#include <gtest/gtest.h>

#include <map>

#include "engine/io/checkpoint.h"
#include "native/formats/metrics_csv.h"
#include "native/recipes/recipe.h"
#include "tests/native/train_case.h"
#include "tests/support/contains.h"
#include "tests/support/specs.h"
#include "tests/support/tiny_mnist.h"

namespace pumice {
namespace {

using test::content_of;
using test::ProgramResult;
using Texts = test::Program::Texts;

class TrainFamilies : public test::TrainCase {};

TEST_F(TrainFamilies, TrainsAGan) {
  recipe_ = folder_.file("gan.toml", test::kTinyGan);
  ProgramResult result = train("run");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(test::contains(result.out, "generator.0  linear")) << result.out;
  EXPECT_TRUE(test::contains(result.out, "test em_distance")) << result.out;
  const std::filesystem::path run = folder_ / "run";
  for (const char* name : {"curves/loss.png", "curves/em_distance.svg", "curves/gradient_norm.png",
                           "samples/epoch-0002.png"}) {
    EXPECT_GT(content_of(run / name).size(), 100u) << name;
  }
  EXPECT_FALSE(std::filesystem::exists(run / "reconstructions"));
  const formats::MetricsTable metrics = formats::read_metrics(run / "metrics.csv");
  EXPECT_EQ(metrics.columns,
            (std::vector<std::string>{"epoch", "train_d_loss", "train_em_distance",
                                      "train_d_gradient_norm", "train_g_loss",
                                      "train_g_gradient_norm", "test_d_loss", "test_em_distance",
                                      "seconds", "images_per_second"}));
  const io::Checkpoint checkpoint = io::Checkpoint::read(run / "checkpoint.safetensors");
  EXPECT_TRUE(checkpoint.has_average());
  EXPECT_EQ(value_of(checkpoint.training().metrics[1].train, "em_distance"),
            -value_of(checkpoint.training().metrics[1].train, "d_loss"));
}

TEST_F(TrainFamilies, ResumesAGanExactly) {
  recipe_ = folder_.file("gan.toml", test::kTinyGan);
  ASSERT_EQ(train("run", {"--epochs", "1"}).exit_code, 0);
  ASSERT_EQ(test::run_program(
                {"train", "--resume", folder_ / "run", "--data", data_.path(), "--epochs", "2"})
                .exit_code,
            0);
  ASSERT_EQ(train("whole").exit_code, 0);
  EXPECT_EQ(checkpoint("run"), checkpoint("whole"));
}

// The tensors of a run's networks by name.
std::map<std::string, std::vector<std::byte>> weights_of(const std::filesystem::path& run) {
  std::map<std::string, std::vector<std::byte>> weights;
  const io::Safetensors file = io::Safetensors::read(run / "checkpoint.safetensors");
  for (const io::NamedTensor& tensor : file.tensors()) {
    weights[tensor.name] = {tensor.bytes.begin(), tensor.bytes.end()};
  }
  return weights;
}

TEST_F(TrainFamilies, WarnsOnceWhenTheDiscriminatorHasWon) {
  recipe_ = folder_.file("gan.toml", test::kTinyGan);
  Texts settings{"--epochs", "10",
                 "--set",    "loss.kind=non_saturating",
                 "--set",    "discriminator_optimizer.name=adam"};
  EXPECT_FALSE(test::contains(train("even", settings).err, "hardly learns"));
  settings.insert(settings.end(), {"--set", "generator_optimizer.learning_rate=1e-9", "--set",
                                   "discriminator_optimizer.learning_rate=0.05"});
  const std::string said = train("won", settings).err;
  const size_t at = said.find("the discriminator tells all samples from real images (js 0.69");
  ASSERT_NE(at, std::string::npos) << said;
  EXPECT_EQ(said.find("hardly learns", said.find("hardly learns") + 1), std::string::npos) << said;
  settings.insert(settings.end(), {"--set", "loss.kind=wasserstein", "--set", "loss.js=true",
                                   "--set", "loss.clip=10"});
  EXPECT_FALSE(test::contains(train("critic", settings).err, "hardly learns"));
  const io::Checkpoint critic = io::Checkpoint::read(folder_ / "critic/checkpoint.safetensors");
  EXPECT_GT(value_of(critic.training().metrics.back().train, "js"), 0.6925);
}

TEST_F(TrainFamilies, TrainsANetworkOnlyByItsOwnMethod) {
  recipe_ = folder_.file("gan.toml", test::kTinyGan);
  const Texts own{"--set", "generator_optimizer.name=adam", "--set",
                  "discriminator_optimizer.name=adam"};
  Texts decay{"--set", "optimizer.name=adamw", "--set", "optimizer.weight_decay=1"};
  ASSERT_EQ(train("adam", own).exit_code, 0);
  decay.insert(decay.end(), {"--set", "discriminator_optimizer.name=adam"});
  ASSERT_EQ(train("adamw", decay).exit_code, 0);
  decay.insert(decay.end(), {"--set", "generator_optimizer.name=adam"});
  ASSERT_EQ(train("own", decay).exit_code, 0);
  EXPECT_TRUE(weights_of(folder_ / "own") == weights_of(folder_ / "adam"));
  EXPECT_FALSE(weights_of(folder_ / "adamw") == weights_of(folder_ / "adam"));
}

TEST_F(TrainFamilies, ChoosesAnotherOptimizer) {
  recipe_ = folder_.file("gan.toml", test::kTinyGan);  // has beta1, and the loss's critic_steps
  const ProgramResult result =
      train("run", {"--epochs", "1", "--set", "optimizer.name=sgd", "--set", "name=2024"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  const Recipe recipe = load_recipe(folder_ / "run" / "recipe.toml");
  EXPECT_EQ(recipe.name, "2024");
  EXPECT_EQ(test::gan(recipe).generator_optimizer,
            (optim::OptimizerSpec{.name = "sgd", .learning_rate = 2e-3}));
  EXPECT_EQ(io::Checkpoint::read(folder_ / "run/checkpoint.safetensors").training().recipe,
            content_of(folder_ / "run" / "recipe.toml"));
}

TEST_F(TrainFamilies, TrainsAClassifier) {
  recipe_ = folder_.file("classifier.toml", test::kTinyClassifier);
  ProgramResult result = train("run", {"--epochs", "20"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_FALSE(std::filesystem::exists(folder_ / "run/samples"));
  const io::Checkpoint checkpoint = io::Checkpoint::read(folder_ / "run/checkpoint.safetensors");
  EXPECT_GT(value_of(checkpoint.training().metrics.back().test, "accuracy"), 0.9);
  const std::filesystem::path image = folder_ / "none.png";
  ProgramResult sample = test::run_program({"sample", folder_ / "run", "--out", image});
  EXPECT_TRUE(test::contains(
      sample.err, "checkpoint.safetensors: expected a model that draws images, found a classifier"))
      << sample.err;
  EXPECT_FALSE(std::filesystem::exists(image));
}

}  // namespace
}  // namespace pumice
