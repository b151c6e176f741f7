#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <csignal>

#include "tests/native/evaluate_case.h"
#include "tests/support/images.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;

using nlohmann::json;
using test::contains;
using test::EvaluateCommand;
using test::noise_bytes;
using test::ProgramResult;
using test::TemporaryFolder;
using Texts = test::Program::Texts;

/// Measures with the data set's own classifier, which is trained on noise.
class EvaluateByOwnClassifier : public EvaluateCommand {
 protected:
  EvaluateByOwnClassifier() {
    for (const char* name : {"data_batch_1", "data_batch_2", "data_batch_3", "data_batch_4",
                             "data_batch_5", "test_batch"}) {
      std::string records = noise_bytes(size_t{kImages} * kRecord);
      for (uint32_t i = 0; i < kImages; ++i) records[i * kRecord] = static_cast<char>(i % 10);
      cifar10_.file(std::string(name) + ".bin", records);
    }
    std::string recipe = test::kTinyRecipe;
    recipe.replace(recipe.find("mnist"), 5, "cifar10");
    vae_ = folder_ / "colour";
    const ProgramResult result = run({"train", folder_.file("colour.toml", recipe), "--data",
                                      cifar10_.path(), "--out", vae_, "--epochs", "1"});
    EXPECT_EQ(result.exit_code, 0) << result.err;
  }

  static constexpr uint32_t kImages = 80, kRecord = 1 + 32 * 32 * 3;

  Texts arguments() const {
    return {"evaluate",     vae_,          "--data",         cifar10_.path(),
            "--samples=70", "--repeats=1", "--neighbours=0", "--likelihood-images=0",
            "--json"};
  }

  TemporaryFolder cifar10_;
  std::string vae_;
  fs::path kept_ = folder_ / "cache/pumice/extractors";
};

TEST_F(EvaluateByOwnClassifier, TrainsItOnce) {
  const ProgramResult first = run(arguments());
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_TRUE(contains(first.err, "training classifier-cifar10 once"));
  EXPECT_TRUE(contains(first.err, "epoch 10/10"));
  EXPECT_TRUE(contains(json::parse(first.out)["extractor"].get<std::string>(),
                       "classifier-cifar10 (64 features, "));
  EXPECT_TRUE(fs::exists(kept_ / "cifar10.safetensors"));
  EXPECT_FALSE(fs::exists(kept_ / "cifar10.training"));
  const ProgramResult second = run(arguments());
  EXPECT_FALSE(contains(second.err, "training"));
  EXPECT_FALSE(contains(second.err, "computing features"));
  std::ofstream(kept_ / "cifar10.safetensors") << "short";
  const ProgramResult damaged = run(arguments());
  EXPECT_EQ(damaged.exit_code, 1);
  EXPECT_TRUE(contains(damaged.err,
                       "cifar10.safetensors: not a safetensors file: expected at least 8 "
                       "bytes, found 5; delete the file to train it again\n"));
  EXPECT_EQ(json::parse(first.out)["figures"], json::parse(second.out)["figures"]);
}

TEST_F(EvaluateByOwnClassifier, ResumesTrainingItAfterCtrlC) {
  test::Program program(arguments(), environment());
  ASSERT_TRUE(program.wait_for_output("epoch  1/10"));
  program.send(SIGINT);
  const ProgramResult first = program.wait();
  EXPECT_EQ(first.exit_code, 130);
  EXPECT_TRUE(
      contains(first.err, "interrupted; the same command resumes training classifier-cifar10"));
  EXPECT_EQ(first.out, "");
  EXPECT_FALSE(fs::exists(vae_ + "/evaluation.json"));
  EXPECT_FALSE(fs::exists(kept_ / "cifar10.safetensors"));
  const ProgramResult second = run(arguments());
  ASSERT_EQ(second.exit_code, 0) << second.err;
  EXPECT_FALSE(contains(second.err, "epoch  1/10"));
  EXPECT_TRUE(fs::exists(kept_ / "cifar10.safetensors"));
}

TEST_F(EvaluateCommand, MeasuresTheSameWithAClassifierAndItsExport) {
  const std::string vae = trained("vae", test::kTinyRecipe);
  const std::string exported = folder_ / "classifier.safetensors";
  ASSERT_EQ(run({"export", classifier_, "--extractor", "-o", exported}).exit_code, 0);
  const ProgramResult by_run = evaluate(vae, {}, {"--json"});
  const ProgramResult by_export = evaluate(vae, {{"--extractor", exported}}, {"--json"});
  ASSERT_EQ(by_run.exit_code, 0) << by_run.err;
  ASSERT_EQ(by_export.exit_code, 0) << by_export.err;
  for (const char* key : {"extractor_hash", "figures"}) {
    EXPECT_EQ(json::parse(by_run.out)[key], json::parse(by_export.out)[key]);
  }
  EXPECT_FALSE(contains(by_export.err, "computing features")) << "those of the run's are kept";
}

/// A VAE of a folder of small images, in two classes with a split for validation.
class EvaluateFolder : public EvaluateCommand {
 protected:
  EvaluateFolder() {
    for (uint8_t i = 0; i < 80; ++i) {
      for (const char* split : {"train", "val"}) {
        const fs::path folder = images_ / split / (i % 2 == 0 ? "n01" : "n02");
        fs::create_directories(folder);
        const uint8_t grey = static_cast<uint8_t>(i % 2 == 0 ? i : 255 - i);
        test::write_plain_png(folder / fmt::format("{}.png", i), {grey});
      }
    }
  }

  ProgramResult train_on(const fs::path& images, const Texts& more = {}) const {
    Texts words{"train",    folder_.file("vae.toml", test::kTinyRecipe),
                "--data",   images.string(),
                "--out",    vae_,
                "--epochs", "1",
                "--batch",  "4",
                "--set",    "data.name=folder",
                "--set",    "data.size=8",
                "--set",    "data.channels=1"};
    return run(words, more);
  }
  ProgramResult measure(const fs::path& images) const {
    return run({"evaluate", vae_, "--data", images.string(), "--samples=70", "--repeats=1",
                "--neighbours=0", "--likelihood-images=0", "--json"});
  }
  size_t kept() const {
    const fs::path folder = folder_ / "cache/pumice/extractors";
    return std::ranges::count_if(fs::directory_iterator(folder), [](const auto& entry) {
      return entry.path().filename().string().starts_with("folder-") &&
             entry.path().extension() == ".safetensors";
    });
  }

  TemporaryFolder images_;
  std::string vae_ = folder_ / "vae";
};

TEST_F(EvaluateFolder, TrainsAClassifierOfItOnce) {
  ASSERT_EQ(train_on(images_.path()).exit_code, 0);
  const ProgramResult first = measure(images_.path());
  ASSERT_EQ(first.exit_code, 0) << first.err;
  EXPECT_TRUE(contains(first.err, "training classifier-folder once, to measure images of " +
                                      images_.path().string() +
                                      " with: 80 images of 2 classes for 50 epochs, about "));
  EXPECT_TRUE(contains(json::parse(first.out)["extractor"].get<std::string>(),
                       "classifier-folder (64 features, 100.0 % right)"));
  EXPECT_EQ(kept(), 1u);
  const ProgramResult second = measure(images_.path());
  EXPECT_FALSE(contains(second.err, "training"));
  EXPECT_EQ(json::parse(second.out)["figures"], json::parse(first.out)["figures"]);
  const fs::path moved = folder_ / "moved";
  fs::copy(images_.path(), moved, fs::copy_options::recursive);
  EXPECT_FALSE(contains(measure(moved).err, "training"));
  test::write_plain_png(moved / "train/n01/more.png", {7});
  EXPECT_TRUE(contains(measure(moved).err, "training classifier-folder once"));
  EXPECT_EQ(kept(), 2u);
}

TEST_F(EvaluateFolder, IsMeasuredWhileItIsTrainedOn) {
  const ProgramResult result =
      train_on(images_.path(), {"--set", "evaluate.every=1", "--set", "evaluate.samples=70"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.err, "training classifier-folder once"));
  EXPECT_TRUE(contains(result.err, "FID every epoch: 70 samples, 80 test images, classifier-fol"));
}

TEST_F(EvaluateFolder, WithoutClassesSaysWhatToDo) {
  const TemporaryFolder flat;
  for (uint8_t i = 0; i < 20; ++i) test::write_plain_png(flat / fmt::format("{}.png", i), {i});
  ASSERT_EQ(train_on(flat.path()).exit_code, 0);
  expect_refused(measure(flat.path()), vae_,
                 flat.path().string() +
                     ": to measure images, a classifier is trained on the folder's classes, and "
                     "it has none: sort them into one sub-folder per class, or pass --extractor "
                     "(in recipes and sweeps, evaluate.extractor) inception:FILE or the run of a "
                     "classifier\n");
}

}  // namespace
}  // namespace pumice
