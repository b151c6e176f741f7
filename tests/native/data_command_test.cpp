#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "engine/data/dataset.h"
#include "tests/support/contains.h"
#include "tests/support/images.h"
#include "tests/support/program.h"
#include "tests/support/tiny_cifar10.h"
#include "tests/support/tiny_mnist.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using test::contains;
using test::ProgramResult;
using test::TemporaryFolder;
using Texts = test::Program::Texts;

/// An empty cache folder, and a folder of data sets.
class DataCommand : public testing::Test {
 protected:
  ProgramResult run(const Texts& arguments) const {
    Texts all{"data"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    return test::run_program(
        all, {"XDG_CACHE_HOME=" + cache_.path().string(), "PUMICE_DATA=" + data_.path().string()});
  }
  json rows(const Texts& arguments) const {
    ProgramResult result = run(arguments);
    EXPECT_EQ(result.exit_code, 0) << result.err;
    return json::parse(result.out)["data_sets"];
  }
  /// MNIST and CIFAR-10, few images of each; no Fashion-MNIST.
  void fill() const {
    TemporaryFolder mnist, cifar10;
    test::write_tiny_mnist(mnist, 18, 9);
    test::write_tiny_cifar10(cifar10, 2, 3);
    fs::copy(mnist.path(), data_ / "mnist");
    fs::copy(cifar10.path(), data_ / "cifar10");
  }

  TemporaryFolder cache_;
  TemporaryFolder data_;
};

TEST_F(DataCommand, ListsWhatIsThere) {
  fill();
  const json sets = rows({"--json"});
  ASSERT_EQ(sets.size(), 3u);
  EXPECT_EQ(sets[0]["name"], "mnist");
  EXPECT_EQ(sets[0]["present"], true);
  EXPECT_EQ(sets[0]["train"], 18);
  EXPECT_EQ(sets[0]["test"], 9);
  EXPECT_EQ(sets[0]["size"], json({28, 28, 1}));
  EXPECT_EQ(sets[0]["folder"], (data_ / "mnist").string());
  EXPECT_EQ(sets[1]["name"], "fashion-mnist");
  EXPECT_EQ(sets[1]["present"], false);
  EXPECT_TRUE(contains(sets[1]["problem"].get<std::string>(), "pumice data fetch fashion-mnist"));
  EXPECT_EQ(sets[2]["train"], 10);
  EXPECT_EQ(sets[2]["size"], json({32, 32, 3}));
  EXPECT_EQ(sets[2]["classes"][1], "automobile");
  const std::string table = run({}).out;
  EXPECT_TRUE(contains(
      table, "cifar10        10     3     32x32x3  10       " + (data_ / "cifar10").string()));
  EXPECT_TRUE(contains(table, "Fashion-MNIST: no t10k-images-idx3-ubyte"));
}

TEST_F(DataCommand, NamesWhatIsDamaged) {
  fill();
  const std::string file = data_ / "cifar10" / "test_batch.bin";
  fs::resize_file(file, 5000);
  EXPECT_EQ(rows({"--json"})[2]["problem"],
            file + ": expected records of 3073 bytes (a label, 32x32x3 pixels), found 5000 bytes");
}

TEST_F(DataCommand, ListsFoldersOfImages) {
  for (int i = 0; i < 12; ++i) {
    test::write_plain_png(data_ / fmt::format("photos/{}/{}.png", i % 2 ? "cat" : "dog", i), {9});
  }
  const std::string photos = data_ / "photos";
  const json set = rows({photos, "--json"})[0];
  EXPECT_EQ(set["name"], "folder");
  EXPECT_EQ(set["train"].get<int>() + set["test"].get<int>(), 12);
  EXPECT_EQ(set["classes"], json({"cat", "dog"}));
  const ProgramResult none = run({photos, photos + "/none", "--json"});
  EXPECT_EQ(none.exit_code, 1);
  const json both = json::parse(none.out)["data_sets"];
  EXPECT_EQ(both[0], set);
  EXPECT_EQ(both[1]["present"], false);
  EXPECT_EQ(both[1]["problem"], photos + "/none: expected a folder of images, found none");
  EXPECT_EQ(none.err, "pumice: data: 1 of 2 folders cannot be trained on\n");
  const ProgramResult unnamed = run({""});
  EXPECT_EQ(unnamed.exit_code, 1);
  EXPECT_EQ(unnamed.err, "pumice: data: expected a folder, got an empty name\n");
}

TEST_F(DataCommand, ExplainsAFolder) {
  auto fill_class = [&](const std::string& place, int count) {
    for (int i = 0; i < count; ++i) {
      test::write_plain_png(data_ / fmt::format("photos/{}/{}.png", place, i), {9});
    }
  };
  fill_class("Training/2", 6);
  fill_class("Training/10", 3);
  fill_class("Testing/10", 2);
  data_.file("photos/Training/2/a.webp", "RIFF");
  data_.file("photos/Training/2/cut.png", "no image");
  const std::string photos = data_ / "photos";
  const json set = rows({photos, "--json"})[0];
  EXPECT_EQ(set["train"], 9);
  EXPECT_EQ(set["test"], 2);
  EXPECT_EQ(set["classes"], json({"2", "10"}));
  EXPECT_EQ(set["train_by_class"], json({6, 3}));
  EXPECT_EQ(set["test_by_class"], json({0, 2}));
  EXPECT_EQ(set["splits"], "Training is the training split, Testing the test split");
  EXPECT_EQ(set["passed_over"], json({"1 file that is not a PNG or JPEG: Training/2/a.webp"}));
  EXPECT_EQ(set["unreadable"], json({"2/cut.png"}));
  EXPECT_EQ(run({photos}).out,
            photos +
                ": 9 training images and 2 test images, in 2 classes\n"
                "  splits       Training is the training split, Testing the test split\n"
                "  classes      training + test: 2 6 + 0, 10 3 + 2\n"
                "  passed over  1 file that is not a PNG or JPEG: Training/2/a.webp\n"
                "  unreadable   1 file, by the first bytes: 2/cut.png\n");
}

TEST_F(DataCommand, RecognizesTheFilesOfDataSets) {
  fill();
  const json sets = rows({data_ / "mnist", data_ / "cifar10", "--json"});
  EXPECT_EQ(sets[0]["name"], "mnist");
  EXPECT_EQ(sets[0]["train"], 18);
  EXPECT_EQ(sets[1]["name"], "cifar10");
  EXPECT_EQ(sets[1]["test"], 3);
  EXPECT_TRUE(contains(run({data_ / "mnist"}).out, "data.name = \"mnist\" with --data "));
  const fs::path torchvision = data_ / "torch/FashionMNIST";
  fs::create_directories(torchvision);
  fs::copy(data_ / "mnist", torchvision / "raw");
  EXPECT_EQ(rows({torchvision, "--json"})[0]["name"], "fashion-mnist");
  EXPECT_EQ(rows({data_ / "torch", "--json"})[0]["name"], "fashion-mnist");
  fs::create_directory(data_ / "cifar-10-batches-py");
  data_.file("cifar-10-batches-py/data_batch_1", "pickled");
  const ProgramResult python = run({data_ / "cifar-10-batches-py"});
  EXPECT_EQ(python.exit_code, 1);
  EXPECT_TRUE(contains(python.err, "which holds CIFAR-10 for Python (pickled)")) << python.err;
}

TEST_F(DataCommand, SaysWhatReplacesATestSplitWithoutClasses) {
  for (std::string name : {"train/cat/1", "train/cat/2", "train/dog/1", "test/1", "test/2"}) {
    test::write_plain_png(data_ / ("photos/" + name + ".png"), {9});
  }
  const std::string instead =
      "classifiers and conditional models hold out a tenth of the training images instead";
  EXPECT_TRUE(contains(run({data_ / "photos"}).out, "  with labels  " + instead + "\n"));
}

TEST_F(DataCommand, SaysWhyThereAreNoClassesAndQuotesTheFolder) {
  fill();
  fs::rename(data_ / "mnist", data_ / "my digits");
  for (std::string name : {"train", "t10k"}) {
    fs::remove(data_ / ("my digits/" + name + "-labels-idx1-ubyte"));
  }
  const std::string out = run({data_ / "my digits"}).out;
  EXPECT_TRUE(contains(out, "classes      none: MNIST: no train-labels-idx1-ubyte")) << out;
  EXPECT_TRUE(contains(out, "with --data '" + (data_ / "my digits").string() + "'")) << out;
}

TEST_F(DataCommand, FailsWhereNothingCanBeTrainedOn) {
  fs::create_directory(data_ / "notes");
  for (std::string name : {"notes/a.txt", "notes/b.txt"}) data_.file(name, "text");
  const std::string expected =
      ": expected PNG or JPEG images in it or in one sub-folder per class, found 0 and 2 files "
      "that are not PNG or JPEG: a.txt, b.txt\n";
  const ProgramResult none = run({data_ / "notes"});
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_EQ(none.err, "pumice: " + (data_ / "notes").string() + expected);
  for (std::string name : {"notes/a.png", "notes/b.png"}) data_.file(name, "text");
  const ProgramResult broken = run({data_ / "notes"});
  EXPECT_EQ(broken.exit_code, 1);
  EXPECT_TRUE(contains(broken.err, "none of its 2 images can be read")) << broken.err;
}

// scripts/setup does not touch data in PUMICE_DATA, so nothing is fetched here.
TEST_F(DataCommand, RunsTheSetUpToFetch) {
  fill();
  ProgramResult result = run({"fetch", "mnist", "cifar10", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_EQ(json::parse(result.out)["data_sets"].size(), 2u);
}

TEST_F(DataCommand, RefusesWhatCannotBeFetched) {
  ProgramResult unknown = run({"fetch", "imagenet"});
  EXPECT_EQ(unknown.exit_code, 1);
  EXPECT_EQ(unknown.err, fmt::format("pumice: no data set 'imagenet'; there are: {}\n",
                                     fmt::join(data::dataset_names(), ", ")));
  ProgramResult folder = run({"fetch", "folder"});
  EXPECT_EQ(folder.exit_code, 2);
  EXPECT_TRUE(
      contains(folder.err, "pumice: data: cannot fetch 'folder': it is a folder of images"));
  EXPECT_EQ(run({"fetch"}).exit_code, 2);
}

}  // namespace
}  // namespace pumice
