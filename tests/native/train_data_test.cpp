#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>

#include "engine/io/checkpoint.h"
#include "tests/native/train_case.h"
#include "tests/support/contains.h"
#include "tests/support/images.h"
#include "tests/support/tiny_cifar10.h"
#include "tests/support/tiny_mnist.h"

namespace pumice {
namespace {

using test::content_of;
using test::ProgramResult;
using Texts = test::Program::Texts;

class TrainData : public test::TrainCase {};

TEST_F(TrainData, RefusesDamagedData) {
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
TEST_F(TrainData, TrainsOnVariantsOfMnist) {
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
  const io::Checkpoint conditional_run =
      io::Checkpoint::read(folder_ / "true/checkpoint.safetensors");
  EXPECT_EQ(conditional_run.network().classes(), 27u);
  EXPECT_EQ(conditional_run.training().class_names[26], "26");
  std::string file = test::idx_file({64}, std::string(4 * 64, '\xff'));
  file[2] = 0x0c;  // numbers of 4 bytes: -1
  const std::string labels = data_.file("train-labels-idx1-ubyte", file);
  EXPECT_EQ(train("unlabelled", {"--epochs", "1"}).exit_code, 0);
  expect_refused(train("run", {"--set", "conditional=true"}),
                 "tiny needs the class of every image: " + labels +
                     ": expected labels from 0 to 65535, found -1 for image 0");
}

TEST_F(TrainData, TrainsWithoutLabelFilesWhereNoneAreNeeded) {
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

TEST_F(TrainData, TrainsOnCifar10) {
  test::write_tiny_cifar10(data_, 4, 7);
  ProgramResult result = train("run", {"--set", "data.name=cifar10", "--epochs", "1"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  const io::Checkpoint checkpoint = io::Checkpoint::read(folder_ / "run/checkpoint.safetensors");
  EXPECT_EQ(checkpoint.network().image(), Shape({32, 32, 3}));
}

/// Images in two classes, two broken ones, and a recipe to train on them.
class TrainOnImages : public TrainData {
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

}  // namespace
}  // namespace pumice
