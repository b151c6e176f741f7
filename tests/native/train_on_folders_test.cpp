#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/io/checkpoint.h"
#include "tests/support/contains.h"
#include "tests/support/images.h"
#include "tests/support/program.h"
#include "tests/support/tiny_mnist.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::contains;
using test::ProgramResult;
using test::TemporaryFolder;
using Texts = test::Program::Texts;

const std::string kFolderRecipe = R"(name = "tiny"
model = "vae"
[data]
name = "folder"
size = 4
channels = 1
[train]
epochs = 1
batch = 4
[optimizer]
learning_rate = 0.02
[loss]
reconstruction = "mse"
)" + test::kTinyNetworks;

constexpr const char* kClassifier = R"(name = "tiny-classifier"
model = "classifier"
[data]
name = "folder"
size = 4
channels = 1
[train]
epochs = 1
batch = 4
[classifier]
layers = [ { type = "linear", out = 8, activation = "relu" } ]
)";

/// Folders of images, recipes for them, and a place for runs.
class TrainOnFolders : public testing::Test {
 protected:
  void fill(const std::string& place, int count, uint8_t grey = 9) const {
    for (int i = 0; i < count; ++i) {
      test::write_plain_png(images_ / fmt::format("{}/{}.png", place, i), {grey}, 4, 4);
    }
  }
  ProgramResult run(const Texts& arguments) const {
    return test::run_program(arguments, {"XDG_CACHE_HOME=" + (folder_ / "cache").string()});
  }
  ProgramResult train(const std::string& recipe, const Texts& more = {}) const {
    fs::remove_all(folder_ / "run");
    Texts all{"train", recipe, "--data", images_.path(), "--out", run_};
    all.insert(all.end(), more.begin(), more.end());
    return run(all);
  }
  ProgramResult resume(const Texts& more = {}) const {
    Texts all{"train", "--resume", run_, "--data", images_.path()};
    all.insert(all.end(), more.begin(), more.end());
    return run(all);
  }
  io::TrainingRecord record() const {
    return io::Checkpoint::read(folder_ / "run/checkpoint.safetensors").training();
  }

  TemporaryFolder images_;
  TemporaryFolder folder_;
  std::string vae_ = folder_.file("vae.toml", kFolderRecipe);
  std::string classifier_ = folder_.file("classifier.toml", kClassifier);
  std::string run_ = folder_ / "run";
};

TEST_F(TrainOnFolders, NeedsClassesOnlyWhereTheyAreUsed) {
  fill("train/cat", 20);
  fill("train/dog", 20);
  fill("test", 4);
  ProgramResult result = train(vae_);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(record().data->train, 40u);
  EXPECT_EQ(record().data->test, 4u);
  EXPECT_EQ(record().class_names, Texts());
  for (const Texts& more : {Texts{classifier_}, Texts{vae_, "--set", "conditional=true"}}) {
    result = train(more[0], {more.begin() + 1, more.end()});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(record().data->train + record().data->test, 40u);
    EXPECT_EQ(record().class_names, (Texts{"cat", "dog"}));
    EXPECT_TRUE(contains(result.err, "passed over test, 4 images: lacks the classes of train"));
  }
}

TEST_F(TrainOnFolders, RefusesOnlyModelsThatNeedAMissingClass) {
  fill("train/cat", 4);
  fill("train/dog", 4);
  fill("val/cat", 2);
  fill("val/cow", 2);
  EXPECT_EQ(train(vae_).exit_code, 0);
  const ProgramResult result = train(classifier_);
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(result.err, "pumice: tiny-classifier needs the class of every image: " +
                            (images_ / "val/cow").string() +
                            ": expected a class of the training images\n");
}

TEST_F(TrainOnFolders, HasRoomForManyClasses) {
  for (int i = 0; i < 300; ++i) fill(fmt::format("person{}", i), 1, uint8_t(i));
  ASSERT_EQ(train(vae_).exit_code, 0);
  const ProgramResult result = train(classifier_);
  ASSERT_EQ(result.exit_code, 0) << result.err;
  ASSERT_EQ(record().class_names.size(), 300u);
  EXPECT_EQ(record().class_names[299], "person299");
}

TEST_F(TrainOnFolders, SaysWhatItPassesOverAndRefusesItWhenStrict) {
  fill("cat", 10);
  images_.file("cat/a.webp", "RIFF");
  const std::string what = "1 file that is not a PNG or JPEG: cat/a.webp\n";
  ProgramResult result = train(vae_);
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_TRUE(contains(result.err, "passed over " + what)) << result.err;
  result = train(vae_, {"--strict"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(contains(result.err, "nothing else, found " + what)) << result.err;
}

// Folder n holds images of grey 20 n: after training, the samples of a class have its grey.
TEST_F(TrainOnFolders, DrawsClassesByName) {
  for (int n = 0; n < 12; ++n) fill(fmt::to_string(n), 12, uint8_t(20 * n));
  const ProgramResult result = train(vae_, {"--set", "conditional=true", "--epochs", "20"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  for (const auto& [name, grey] : {std::pair("2", 40), std::pair("10", 200)}) {
    const std::string out = folder_ / "out.png";
    const ProgramResult drawn =
        run({"sample", run_, "--class", name, "--count", "1", "--out", out, "--json"});
    ASSERT_EQ(drawn.exit_code, 0) << drawn.err;
    EXPECT_EQ(json::parse(drawn.out)["class"], std::stoi(name));
    EXPECT_EQ(json::parse(drawn.out)["class_name"], name);
    const formats::Image image = formats::read_png(out);
    EXPECT_NEAR(image.pixels[image.pixels.size() / 2 + image.width / 2], grey, 40) << name;
  }
}

// A class with that name takes precedence over the class with that number.
TEST_F(TrainOnFolders, TakesNamesBeforeNumbers) {
  for (std::string name : {"1", "2", "10", "cat"}) fill(name, 6);
  ASSERT_EQ(train(vae_, {"--set", "conditional=true"}).exit_code, 0);
  const std::string out = folder_ / "out.png";
  auto drawn = [&](const std::string& name) {
    return run({"sample", run_, "--class", name, "--count", "2", "--out", out});
  };
  EXPECT_EQ(drawn("2").out, "wrote " + out + ": 2 samples of class 1 (\"2\")\n");
  EXPECT_EQ(drawn("0").out, "wrote " + out + ": 2 samples of class 0 (\"1\")\n");
  EXPECT_EQ(drawn("cat").out, "wrote " + out + ": 2 samples of class 3 (\"cat\")\n");
  EXPECT_EQ(drawn("dog").err, "pumice: class dog: the model has 4 classes: 1, 2, 10, cat\n");
}

TEST_F(TrainOnFolders, TakesClassNamesThatAreNotUtf8) {
  for (std::string name : {"bar", "caf\xe9"}) fill(name, 6);
  ASSERT_EQ(train(vae_, {"--set", "conditional=true"}).exit_code, 0);
  EXPECT_EQ(record().class_names, (Texts{"bar", "caf\xef\xbf\xbd"}));
  const std::string out = folder_ / "out.png";
  const ProgramResult drawn = run({"sample", run_, "--class", "caf\xe9", "--out", out, "--json"});
  ASSERT_EQ(drawn.exit_code, 0) << drawn.err;
  EXPECT_EQ(json::parse(drawn.out)["class"], 1);
  EXPECT_EQ(resume({"--epochs", "2"}).exit_code, 0);
}

// Both names are stored as the same text.
TEST_F(TrainOnFolders, RefusesClassNamesThatFitSeveralClasses) {
  for (std::string name : {"bar", "caf\xe8", "caf\xe9"}) fill(name, 6);
  ASSERT_EQ(train(vae_, {"--set", "conditional=true"}).exit_code, 0);
  auto drawn = [&](const std::string& name) {
    return run({"sample", run_, "--class", name, "--out", folder_ / "out.png", "--json"});
  };
  EXPECT_EQ(
      drawn("caf\xe9").err,
      "pumice: class caf\xef\xbf\xbd: classes 1 and 2 both have this name: expected a number\n");
  EXPECT_EQ(json::parse(drawn("2").out)["class"], 2);
  EXPECT_NE(drawn("").exit_code, 0);
  EXPECT_TRUE(contains(drawn("").err, "--class: expected a class's name or number, got nothing"));
}

// Other images may have fewer classes: their names say which ones.
TEST_F(TrainOnFolders, MatchesClassesByName) {
  for (std::string name :
       {"train/ant", "train/bee", "train/cat", "test/ant", "test/bee", "test/cat"})
    fill(name, 8, uint8_t(20 * (name.back() - 'a')));
  ASSERT_EQ(train(vae_, {"--set", "conditional=true"}).exit_code, 0);
  auto error_on = [&](const TemporaryFolder& other) {
    const ProgramResult result = run({"reconstruct", run_, "--data", other.path(), "--count", "4",
                                      "--out", folder_ / "out.png", "--json"});
    return result.exit_code == 0 ? json::parse(result.out)["squared_error"].dump() : result.err;
  };
  TemporaryFolder fewer, all, others;
  for (const TemporaryFolder* other : {&fewer, &all}) {
    for (std::string split : {"train", "test"}) {
      fs::create_directories(*other / split);
      fs::copy(images_ / (split + "/cat"), *other / (split + "/cat"));
    }
  }
  for (std::string name : {"train/ant", "train/bee"}) {
    fs::create_directories(all / name);
    fs::copy(images_ / name, all / name, fs::copy_options::recursive);
  }
  EXPECT_EQ(error_on(fewer), error_on(all));
  for (std::string name : {"train/dog/1.png", "train/dog/2.png", "test/dog/1.png"}) {
    test::write_plain_png(others / name, {9}, 4, 4);
  }
  EXPECT_TRUE(contains(error_on(others),
                       "pumice: " + others.path().string() + ": the model has no class dog\n"));
}

TEST_F(TrainOnFolders, ReportsAddedImagesAtResume) {
  fill("train", 40);
  fill("test", 4);
  ASSERT_EQ(train(vae_).exit_code, 0);
  EXPECT_EQ(resume({"--epochs", "2"}).exit_code, 0) << "the same data";
  fill("train", 80);
  for (const Texts& more : {Texts{"--epochs", "3"}, Texts{"--epochs", "3", "--changed-data"}}) {
    const ProgramResult added = resume(more);
    EXPECT_EQ(added.exit_code, 1);
    EXPECT_TRUE(contains(
        added.err, "pumice: " + images_.path().string() +
                       ": 40 training images when the run began, now 80: an epoch would have 20 "
                       "steps instead of 10; restore the data, or train a new run\n"))
        << added.err;
  }
  EXPECT_EQ(record().epoch, 2u);
}

TEST_F(TrainOnFolders, ReportsOtherImagesAtResume) {
  fill("train", 40);
  fill("test", 4);
  ASSERT_EQ(train(vae_).exit_code, 0);
  const io::DataRecord before = *record().data;
  fs::rename(images_ / "train/7.png", images_ / "train/x.png");
  const std::string changed =
      images_.path().string() + ": 40 training images as when the run began, but different ones";
  const ProgramResult refused = resume({"--epochs", "2"});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_TRUE(contains(refused.err, "pumice: " + changed + "; restore the data")) << refused.err;
  EXPECT_EQ(record().data, before);
  const ProgramResult accepted = resume({"--epochs", "2", "--changed-data"});
  EXPECT_EQ(accepted.exit_code, 0) << accepted.err;
  EXPECT_TRUE(contains(accepted.err, changed + "\n")) << accepted.err;
  EXPECT_NE(record().data->digest, before.digest);
  EXPECT_EQ(record().epoch, 2u);
}

TEST_F(TrainOnFolders, ReportsChangedDataOfASweep) {
  fill("train", 40);
  fill("test", 4);
  const std::string sweep = folder_.file(
      "sweep.toml", "name = \"s\"\nrecipe = \"./vae.toml\"\n[grid]\nlatent.size = [2, 3]\n");
  Texts arguments{"sweep", sweep, "--data", images_.path(), "--out", folder_ / "sweep"};
  const ProgramResult first = run(arguments);
  ASSERT_EQ(first.exit_code, 0) << first.err;
  std::vector<fs::path> runs;
  for (const auto& entry : fs::directory_iterator(folder_ / "sweep")) {
    if (fs::exists(entry.path() / "checkpoint.safetensors")) runs.push_back(entry.path());
  }
  ASSERT_EQ(runs.size(), 2u);
  fs::remove_all(runs[1]);
  fs::rename(images_ / "train/7.png", images_ / "train/x.png");
  const ProgramResult refused =
      run({"sweep", "--resume", folder_ / "sweep", "--data", images_.path()});
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_TRUE(contains(refused.err, "but different ones")) << refused.err;
}

}  // namespace
}  // namespace pumice
