#include <gtest/gtest.h>

#include "tests/native/train_case.h"
#include "tests/support/tiny_mnist.h"

namespace pumice {
namespace {

using test::content_of;
using test::ProgramResult;
using Texts = test::Program::Texts;

class TrainRefusals : public test::TrainCase {};

TEST_F(TrainRefusals, RefusesBatchNormOverOneValue) {
  recipe_ = folder_.file("gan.toml", test::kTinyGan);
  expect_refused(train("run", {"--batch", "1"}),
                 "generator.1 (batch_norm): expects at least 2 values per channel in a training "
                 "step, got 1: a batch of 1 and 16 channels; use a larger batch or layer_norm\n");
}

TEST_F(TrainRefusals, RefusesLayersThatDoNotFit) {
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

TEST_F(TrainRefusals, RefusesADecoderThatAppliesTheLosssSigmoid) {
  const std::string layers =
      "decoder.layers=[{type='linear',out=784,activation='sigmoid'},{type='reshape',shape=[28,28,1]"
      "}]";
  expect_refused(train("run", {"--set", layers}),
                 "decoder.0 (linear): expects the activation none (loss.reconstruction 'bce' "
                 "applies the sigmoid itself), got sigmoid");
  const ProgramResult squared = train("run", {"--set", layers, "--set", "loss.reconstruction=mse"});
  EXPECT_EQ(squared.exit_code, 0) << squared.err;
}

TEST_F(TrainRefusals, RefusesACriticWhosePenaltyHasNoGradient) {
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

TEST_F(TrainRefusals, RefusesABadRecipe) {
  recipe_ = folder_.file("bad.toml", "name = \"bad\"\ncolour = 1\n");
  expect_refused(train("run"), recipe_ + ":2:10: unknown key 'colour'");
  recipe_ = "no-such-recipe";
  expect_refused(train("run"), "no recipe 'no-such-recipe'");
}

TEST_F(TrainRefusals, RefusesBadOptions) {
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

}  // namespace
}  // namespace pumice
