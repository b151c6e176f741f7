#include <gtest/gtest.h>
#include <signal.h>
#include <sys/mount.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cmath>
#include <cstdlib>
#include <cstring>
#include <map>
#include <nlohmann/json.hpp>

#include "engine/io/checkpoint.h"
#include "native/formats/metrics_csv.h"
#include "native/recipes/recipe.h"
#include "tests/support/contains.h"
#include "tests/support/images.h"
#include "tests/support/program.h"
#include "tests/support/specs.h"
#include "tests/support/tiny_cifar10.h"
#include "tests/support/tiny_mnist.h"
#include "tests/support/unchecked.h"

namespace pumice {
namespace {

using test::content_of;
using test::ProgramResult;
using test::TemporaryFolder;
using Texts = test::Program::Texts;

/// Data, a recipe, and a place for runs.
class TrainCommand : public testing::Test {
 protected:
  TrainCommand() { test::write_tiny_mnist(data_, 64, 20); }

  Texts arguments(const std::string& run, const Texts& more = {}) const {
    Texts all{"train", recipe_, "--data", data_.path(), "--out", folder_ / run};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  ProgramResult train(const std::string& run, const Texts& more = {},
                      const Texts& environment = {}) const {
    return test::run_program(arguments(run, more), environment);
  }
  std::string checkpoint(const std::string& run) const {
    return content_of(folder_ / run / "checkpoint.safetensors");
  }
  /// Expects one line on stderr that begins with this, and nothing written.
  void expect_refused(const ProgramResult& result, const std::string& message, int code = 1) const {
    EXPECT_EQ(result.exit_code, code);
    EXPECT_TRUE(result.err.starts_with("pumice: " + message)) << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_FALSE(std::filesystem::exists(folder_ / "run"));
  }

  TemporaryFolder data_;
  TemporaryFolder folder_;
  std::string recipe_ = folder_.file("tiny.toml", test::kTinyRecipe);
};

TEST_F(TrainCommand, FillsTheRunFolder) {
  ProgramResult result = train("run");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(result.err, "");
  EXPECT_NE(result.out.find("encoder.0  linear, relu  [16]"), std::string::npos) << result.out;
  EXPECT_NE(result.out.find("epoch 2/2"), std::string::npos) << result.out;
  std::filesystem::path run = folder_ / "run";
  for (const char* name : {"curves/loss.png", "curves/loss.svg", "curves/kl.png", "manifold.png",
                           "latents.png", "latents.json", "samples/epoch-0001.png",
                           "samples/epoch-0002.png", "reconstructions/epoch-0002.png"}) {
    EXPECT_GT(content_of(run / name).size(), 100u) << name;
  }
  EXPECT_EQ(load_recipe(run / "recipe.toml"), load_recipe(recipe_));
  formats::MetricsTable metrics = formats::read_metrics(run / "metrics.csv");
  io::TrainingRecord record = io::Checkpoint::read(run / "checkpoint.safetensors").training();
  ASSERT_EQ(metrics.rows.size(), 2u);
  EXPECT_EQ(record.epoch, 2u);
  EXPECT_EQ(record.step, 8u);
  EXPECT_NEAR(metrics.rows[1][4], value_of(record.metrics[1].test, "loss"), 1e-6);
  EXPECT_LT(value_of(record.metrics[1].test, "loss"), value_of(record.metrics[0].test, "loss"));
  const formats::MetricsTable steps = formats::read_metrics(run / "steps.csv");
  ASSERT_EQ(steps.rows.size(), 8u);
  double sum = 0;
  for (size_t step = 4; step < 8; ++step) sum += steps.rows[step][1];
  EXPECT_NEAR(sum / 4, metrics.rows[1][1], 1e-5 * sum);
}

TEST_F(TrainCommand, GivesTheSameBytesForTheSameSeed) {
  ASSERT_EQ(train("a").exit_code, 0);
  ASSERT_EQ(train("b").exit_code, 0);
  ASSERT_EQ(train("c", {"--seed", "2"}).exit_code, 0);
  EXPECT_EQ(checkpoint("a"), checkpoint("b"));
  EXPECT_EQ(content_of(folder_ / "a" / "samples/epoch-0002.png"),
            content_of(folder_ / "b" / "samples/epoch-0002.png"));
  EXPECT_NE(checkpoint("a"), checkpoint("c"));
}

TEST_F(TrainCommand, CausesNoValidationMessages) {
  if (std::getenv("PUMICE_ALLOW_NO_VALIDATION") != nullptr) GTEST_SKIP() << "no validation layer";
  ProgramResult result = train("run", {"--validate"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(result.err, "");
}

TEST_F(TrainCommand, PrintsLinesOfJson) {
  ProgramResult result = train("run", {"--json", "--epochs", "1", "--batch", "32"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  std::istringstream lines(result.out);
  std::vector<nlohmann::json> events;
  for (std::string line; std::getline(lines, line);) events.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0]["steps_per_epoch"], 2);
  EXPECT_EQ(events[1]["epoch"], 1);
  EXPECT_GT(events[1]["test"]["loss"], 0);
  EXPECT_EQ(events[2]["complete"], true);
}

TEST_F(TrainCommand, ResumesExactlyAfterCtrlC) {
  test::write_tiny_mnist(data_, 4096, 20);  // long enough to be interrupted mid-epoch
  folder_.file("tiny.toml", test::slow_recipe());
  Texts options{"--batch", "4"};
  test::Program program(arguments("stopped", {"--batch", "4", "--json"}));
  ASSERT_TRUE(program.wait_for_output("\"start\""));
  program.send(SIGINT);
  ProgramResult stopped = program.wait();
  EXPECT_EQ(stopped.exit_code, 130) << stopped.err;
  std::string run = folder_ / "stopped";
  EXPECT_NE(stopped.out.find("pumice train --resume " + run), std::string::npos) << stopped.out;
  EXPECT_NE(io::Checkpoint::read(run + "/checkpoint.safetensors").training().step % 1024, 0u);

  ProgramResult resumed = test::run_program({"train", "--resume", run, "--data", data_.path()});
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  ASSERT_EQ(train("whole", options).exit_code, 0);
  EXPECT_EQ(checkpoint("stopped"), checkpoint("whole"));
  EXPECT_EQ(content_of(folder_ / "stopped" / "steps.csv"),
            content_of(folder_ / "whole" / "steps.csv"));
  EXPECT_EQ(formats::read_metrics(folder_ / "stopped" / "metrics.csv").rows.size(), 2u);
  EXPECT_EQ(content_of(folder_ / "stopped" / "samples/epoch-0002.png"),
            content_of(folder_ / "whole" / "samples/epoch-0002.png"));
}

TEST_F(TrainCommand, ResumesForMoreEpochs) {
  ASSERT_EQ(train("short", {"--epochs", "1"}).exit_code, 0);
  Texts resume{"train", "--resume", folder_ / "short", "--data", data_.path()};
  ProgramResult complete = test::run_program(resume);
  EXPECT_EQ(complete.exit_code, 1);
  EXPECT_NE(complete.err.find("the run is complete after 1 epoch;"), std::string::npos);
  resume.insert(resume.end(), {"--epochs", "2"});
  ASSERT_EQ(test::run_program(resume).exit_code, 0);
  ASSERT_EQ(train("long").exit_code, 0);
  EXPECT_EQ(checkpoint("short"), checkpoint("long"));
}

TEST_F(TrainCommand, ReplacesARunOnlyWhenForced) {
  ASSERT_EQ(train("twice").exit_code, 0);
  ProgramResult refused = train("twice", {"--epochs", "1"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_NE(refused.err.find("already holds a run"), std::string::npos) << refused.err;
  EXPECT_EQ(train("twice", {"--epochs", "1", "--force"}).exit_code, 0);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "twice" / "samples/epoch-0002.png"));
}

TEST_F(TrainCommand, StopsAtNumbersThatAreNotFinite) {
  ProgramResult result = train("nan", {"--set", "optimizer.learning_rate=1e9"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("the loss is not finite; first in "), std::string::npos) << result.err;
  EXPECT_TRUE(result.err.ends_with("; no checkpoint was saved before\n")) << result.err;
}

// As a crash or another program may have left it.
TEST_F(TrainCommand, FindsAWeightThatIsNotANumber) {
  ASSERT_EQ(train("run", {"--epochs", "1"}).exit_code, 0);
  const std::filesystem::path file = folder_ / "run" / "checkpoint.safetensors";
  const io::Safetensors good = io::Safetensors::read(file);
  std::vector<io::NamedTensor> tensors = good.tensors();
  std::vector<float> weight;
  for (io::NamedTensor& tensor : tensors) {
    if (tensor.name != "encoder.0.weight") continue;
    weight.resize(tensor.shape.size());
    std::memcpy(weight.data(), tensor.bytes.data(), tensor.bytes.size());
    weight[0] = NAN;
    tensor.bytes = std::as_bytes(std::span(weight));
  }
  io::write_safetensors(file, tensors, test::unchecked(good.metadata()));
  const std::string damaged = checkpoint("run");
  const std::string message = "pumice: " + file.string() +
                              ": tensor 'encoder.0.weight': expected finite numbers, element 0 is "
                              "nan\n";
  for (const Texts& command :
       {Texts{"train", "--resume", folder_ / "run", "--data", data_.path(), "--epochs", "2"},
        Texts{"sample", folder_ / "run", "--out", folder_ / "s.png"}}) {
    const ProgramResult result = test::run_program(command);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_EQ(result.err, message);
  }
  EXPECT_EQ(checkpoint("run"), damaged);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "s.png"));
}

TEST_F(TrainCommand, RefusesBatchNormOverOneValue) {
  recipe_ = folder_.file("gan.toml", test::kTinyGan);
  expect_refused(train("run", {"--batch", "1"}),
                 "generator.1 (batch_norm): expects at least 2 values per channel in a training "
                 "step, got 1: a batch of 1 and 16 channels; use a larger batch or layer_norm\n");
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

TEST_F(TrainCommand, TrainsANetworkOnlyByItsOwnMethod) {
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

TEST_F(TrainCommand, ChoosesAnotherOptimizer) {
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

TEST_F(TrainCommand, TrainsAGan) {
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

TEST_F(TrainCommand, ResumesAGanExactly) {
  recipe_ = folder_.file("gan.toml", test::kTinyGan);
  ASSERT_EQ(train("run", {"--epochs", "1"}).exit_code, 0);
  ASSERT_EQ(test::run_program(
                {"train", "--resume", folder_ / "run", "--data", data_.path(), "--epochs", "2"})
                .exit_code,
            0);
  ASSERT_EQ(train("whole").exit_code, 0);
  EXPECT_EQ(checkpoint("run"), checkpoint("whole"));
}

TEST_F(TrainCommand, TrainsAClassifier) {
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

TEST_F(TrainCommand, RefusesLayersThatDoNotFit) {
  auto with = [&](const std::string& layers) {
    return train("run", {"--set", "decoder.layers=" + layers});
  };
  expect_refused(with("[{type='conv2d',out=1,kernel=3}]"),
                 "decoder.0 (conv2d): expects images [height, width, channels], got [2]");
  expect_refused(with("[{type='linear',out=3},{type='reshape',shape=[2,2,1]}]"),
                 "decoder.1 (reshape): [3] has 3 numbers, [2, 2, 1] has 4");
  recipe_ = folder_.file("gan.toml", test::kTinyGan);
  const std::string last = "{type='linear',out=784},{type='reshape',shape=[28,28,1]}";
  expect_refused(train("run", {"--set", "generator.layers=[" + last + "]"}),
                 "generator.0 (linear): expects the activation tanh of generator.output, got none");
}

TEST_F(TrainCommand, RefusesADecoderThatAppliesTheLosssSigmoid) {
  const std::string layers =
      "decoder.layers=[{type='linear',out=784,activation='sigmoid'},{type='reshape',shape=[28,28,1]"
      "}]";
  expect_refused(train("run", {"--set", layers}),
                 "decoder.0 (linear): expects the activation none (loss.reconstruction 'bce' "
                 "applies the sigmoid itself), got sigmoid");
  const ProgramResult squared = train("run", {"--set", layers, "--set", "loss.reconstruction=mse"});
  EXPECT_EQ(squared.exit_code, 0) << squared.err;
}

TEST_F(TrainCommand, RefusesACriticWhosePenaltyHasNoGradient) {
  recipe_ = folder_.file("gan.toml", test::kTinyGan);
  auto with = [&](const std::string& layer) {
    return train("run", {"--set", "loss.kind=wasserstein_gp", "--set", "conditional=false", "--set",
                         "discriminator.layers=[" + layer + "]"});
  };
  const std::string reason =
      "has no gradient of its gradient, which the penalty of loss.kind 'wasserstein_gp' needs; ";
  expect_refused(with("{type='linear',out=8},{type='batch_norm'}"),
                 "discriminator.1 (batch_norm): " + reason + "use layer_norm");
  expect_refused(with("{type='lstm',out=8}"),
                 "discriminator.0 (lstm): " + reason + "use linear or conv2d");
  expect_refused(
      with("{type='residual',layers=[{type='conv2d',out=4,kernel=3,stride=2}]}"),
      "discriminator.0.shortcut.1 (batch_norm): " + reason + "a residual layer that changes");
  const ProgramResult kept = train("run", {"--set", "loss.kind=wasserstein_gp"});
  EXPECT_EQ(kept.exit_code, 0) << kept.err;
}

TEST_F(TrainCommand, RefusesABadRecipe) {
  recipe_ = folder_.file("bad.toml", "name = \"bad\"\ncolour = 1\n");
  expect_refused(train("run"), recipe_ + ":2:10: unknown key 'colour'");
  recipe_ = "no-such-recipe";
  expect_refused(train("run"), "no recipe 'no-such-recipe'");
}

TEST_F(TrainCommand, RefusesBadOptions) {
  expect_refused(train("run", {"--set", "train.epochs=none"}), "--set train.epochs=none: key");
  expect_refused(
      train("run", {"--batch", "65"}),
      "train: expects a batch of 1 … 64 images (all of " + data_.path().string() + "), got 65\n");
  expect_refused(train("run", {"--set", "optimizer.warm_up_epochs=1073741824"}),
                 "optimizer.warm_up_epochs: expects at most 1073741823 epochs of 4 steps, got");
  expect_refused(train("run", {"--device", "voodoo"}), "no usable device matches 'voodoo'");
  expect_refused(train("run", {"--epochs", "-1"}), "", 2);
  expect_refused(train("run", {"--no-such-option"}), "", 2);
  expect_refused(train("run", {"--resume", "x"}), "", 2);
  expect_refused(test::run_program({"train"}), "train: expected a recipe or --resume RUN", 2);
  expect_refused(test::run_program({}), "A subcommand is required", 2);
}

TEST_F(TrainCommand, RefusesDamagedData) {
  data_.file("t10k-images-idx3-ubyte", test::tiny_images(20).substr(0, 500));
  expect_refused(train("run"), (data_ / "t10k-images-idx3-ubyte").string() + ": truncated");
  std::filesystem::remove(data_ / "train-images-idx3-ubyte");
  expect_refused(train("run"), "MNIST: no train-images");
  test::write_tiny_mnist(data_, 64, 20);
  data_.file("train-labels-idx1-ubyte", test::idx_file({63}, std::string(63, 1)));
  expect_refused(train("run"), (data_ / "train-labels-idx1-ubyte").string() + ": has 63 labels");
  test::write_tiny_cifar10(data_, 1, 1);
  std::filesystem::resize_file(data_ / "data_batch_2.bin", 3000);
  expect_refused(train("run", {"--set", "data.name=cifar10"}),
                 (data_ / "data_batch_2.bin").string() + ": expected records of 3073 bytes");
  expect_refused(train("run", {"--set", "data.name=folder"}),
                 data_.path().string() + ": expected PNG or JPEG images");
}

// EMNIST's letters are numbered from 1 to 26, QMNIST has rows of numbers.
TEST_F(TrainCommand, TrainsOnVariantsOfMnist) {
  std::string letters;
  for (int i = 0; i < 64; ++i) letters += static_cast<char>(1 + i % 26);
  data_.file("train-labels-idx1-ubyte", test::idx_file({64}, letters));
  for (std::string conditional : {"false", "true"}) {
    const ProgramResult result =
        train(conditional, {"--epochs", "1", "--set", "conditional=" + conditional});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(result.err,
              "pumice: labels go up to 26, not to 9: the classes are named by number\n");
  }
  const io::Checkpoint told = io::Checkpoint::read(folder_ / "true/checkpoint.safetensors");
  EXPECT_EQ(told.network().classes(), 27u);
  EXPECT_EQ(told.training().class_names[26], "26");
  std::string file = test::idx_file({64}, std::string(4 * 64, '\xff'));
  file[2] = 0x0c;  // numbers of 4 bytes: -1
  const std::string labels = data_.file("train-labels-idx1-ubyte", file);
  EXPECT_EQ(train("unlabelled", {"--epochs", "1"}).exit_code, 0);
  expect_refused(train("run", {"--set", "conditional=true"}),
                 "tiny needs the class of every image: " + labels +
                     ": expected labels from 0 to 65535, found -1 for image 0");
}

TEST_F(TrainCommand, TrainsWithoutLabelFilesWhereNoneAreNeeded) {
  auto reason = [&](const std::string& split) {
    return fmt::format(
        "MNIST: no {}-labels-idx1-ubyte or {}-labels.idx1-ubyte (plain or .gz) in {}; "
        "fetch it with 'pumice data fetch mnist', or pass --data DIR\n",
        split, split, data_.path().string());
  };
  std::filesystem::remove(data_ / "t10k-labels-idx1-ubyte");
  const ProgramResult tests = train("tests", {"--epochs", "1"});
  EXPECT_EQ(tests.exit_code, 0) << tests.err;
  EXPECT_EQ(tests.err, "pumice: the test images have no classes: " + reason("t10k"));
  std::filesystem::remove(data_ / "train-labels-idx1-ubyte");
  const ProgramResult neither = train("neither", {"--epochs", "1"});
  EXPECT_EQ(neither.exit_code, 0) << neither.err;
  EXPECT_EQ(neither.err, "pumice: the training images have no classes: " + reason("train") +
                             "pumice: the test images have no classes: " + reason("t10k"));
  expect_refused(train("run", {"--set", "conditional=true"}),
                 "tiny needs the class of every image: " + reason("train"));
}

TEST_F(TrainCommand, TrainsOnCifar10) {
  test::write_tiny_cifar10(data_, 4, 7);
  ProgramResult result = train("run", {"--set", "data.name=cifar10", "--epochs", "1"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const io::Checkpoint checkpoint = io::Checkpoint::read(folder_ / "run/checkpoint.safetensors");
  EXPECT_EQ(checkpoint.network().image(), Shape({32, 32, 3}));
}

/// Images in two classes, two broken ones, and a recipe to train on them.
class TrainOnImages : public TrainCommand {
 protected:
  TrainOnImages() {
    for (uint8_t i = 0; i < 60; ++i) {
      std::string name = fmt::format("{}/{:02}.png", i % 2 == 0 ? "dark" : "light", i);
      test::write_plain_png(images_ / name, {uint8_t(i % 2 * 200), i, i}, 12, 9);
    }
    std::filesystem::create_directory(images_ / "odd");
    for (std::string name : {"odd/a.jpg", "odd/b.jpeg"}) images_.file(name, "no image");
  }
  ProgramResult run(const Texts& arguments) const {
    return test::run_program(arguments, {"XDG_CACHE_HOME=" + (folder_ / "cache").string()});
  }
  Texts train_arguments() const {
    return {"train",    recipe_, "--set",  "data.name=folder", "--set", "data.size=8",
            "--epochs", "1",     "--data", images_.path(),     "--out", folder_ / "run"};
  }
  TemporaryFolder images_;
};

TEST_F(TrainOnImages, LeavesOutBrokenOnesByName) {
  ProgramResult result = run(train_arguments());
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(test::contains(result.err, "left out " + (images_ / "odd/a.jpg").string() +
                                             ": is not a PNG or JPEG file\n"));
  EXPECT_TRUE(test::contains(result.err, "decoding "));
  ProgramResult again = run(
      {"reconstruct", folder_ / "run", "--data", images_.path(), "--out", folder_ / "pairs.png"});
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_FALSE(test::contains(again.err, "decoding ")) << "kept in the cache";
}

TEST_F(TrainOnImages, RefusesBrokenOnesWhenStrict) {
  Texts arguments = train_arguments();
  arguments.emplace_back("--strict");
  ProgramResult result = run(arguments);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(test::contains(result.err, "pumice: " + (images_ / "odd/").string()));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "run"));
}

TEST_F(TrainOnImages, ChecksClassesBeforeItDecodes) {
  Texts arguments = train_arguments();
  arguments.insert(arguments.end(), {"--set", "conditional=true"});
  std::filesystem::remove_all(images_ / "odd");
  EXPECT_EQ(run(arguments).exit_code, 0);
  std::filesystem::remove_all(folder_ / "run");
  const std::string dark = images_ / "dark";
  *std::find(arguments.begin(), arguments.end(), images_.path().string()) = dark;
  expect_refused(run(arguments), "tiny needs the class of every image: " + dark +
                                     ": expected one sub-folder per class, found none");
}

TEST_F(TrainOnImages, NeedsToKnowWhereTheyAre) {
  expect_refused(run({"train", recipe_, "--set", "data.name=folder", "--out", folder_ / "run"}),
                 "data: expected a folder of images: set data.path in the recipe, or pass");
}

TEST_F(TrainCommand, NeedsNoVulkanDriver) {
  const Texts none{"VK_DRIVER_FILES=/nonexistent", "VK_ICD_FILENAMES=/nonexistent"};
  expect_refused(train("run", {"--device", "gpu"}, none), "no usable device matches 'gpu': 0 '");
  const ProgramResult result = train("run", {}, none);
  EXPECT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(test::contains(result.out, ", cpu, pumice ")) << result.out;
}

TEST_F(TrainCommand, NamesItsDeviceInTheCheckpoint) {
  ASSERT_EQ(train("run", {"--device", "cpu", "--epochs", "1"}).exit_code, 0);
  const std::string file = folder_ / "run/checkpoint.safetensors";
  const std::string device = io::Checkpoint::read(file).training().device;
  EXPECT_TRUE(test::contains(device, ", cpu, pumice ")) << device;
  const ProgramResult resumed =
      test::run_program({"train", "--resume", folder_ / "run", "--data", data_.path(), "--device",
                         "vulkan-cpu", "--epochs", "2"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_TRUE(resumed.err.starts_with("pumice: the run was trained on " + device +
                                      " so far and continues on "))
      << resumed.err;
  EXPECT_NE(io::Checkpoint::read(file).training().device, device);
}

TEST_F(TrainCommand, LeavesNothingHalfWrittenOnAFullDisk) {
  std::filesystem::path disk = folder_ / "disk";
  std::filesystem::create_directory(disk);
  if (mount("tmpfs", disk.c_str(), "tmpfs", 0, "size=32k") != 0) {
    GTEST_SKIP() << "cannot mount a small tmpfs here: " << std::strerror(errno);
  }
  ProgramResult result = train("disk/run");
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_NE(result.err.find("No space left on device"), std::string::npos) << result.err;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(disk)) {
    EXPECT_NE(entry.path().extension(), ".tmp") << entry.path();
  }
  umount(disk.c_str());
}

}  // namespace
}  // namespace pumice
