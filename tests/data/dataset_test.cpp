#include "engine/data/dataset.h"

#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include <fstream>
#include <set>

#include "tests/support/errors.h"
#include "tests/support/folders.h"
#include "tests/support/tiny_cifar10.h"
#include "tests/support/tiny_mnist.h"

namespace pumice::data {
namespace {

using test::error_of;
using test::TemporaryFolder;

using DatasetNames = std::vector<std::string_view>;

TEST(Datasets, AreListedForAnUnknownName) {
  EXPECT_EQ(error_of([] { find_dataset("imagenet"); }),
            "no data set 'imagenet'; there are: mnist, fashion-mnist, cifar10, folder");
  EXPECT_EQ(dataset_by_name("imagenet"), nullptr);
}

TEST(Datasets, HaveRowsOfTheirOwn) {
  std::set<std::string_view> names;
  for (const Dataset& dataset : datasets()) {
    EXPECT_EQ(&find_dataset(dataset.name), &dataset);
    EXPECT_TRUE(names.insert(dataset.name).second) << dataset.name;
    EXPECT_FALSE(dataset.title.empty()) << dataset.name;
    EXPECT_FALSE(dataset.files.empty()) << dataset.name;
    // Fetched data sets have a shape, and an origin to name where there are no scripts.
    EXPECT_EQ(dataset.fetch, !dataset.origin.empty()) << dataset.name;
    EXPECT_EQ(dataset.fetch, dataset.has_shape() && dataset.classes > 0) << dataset.name;
  }
}

TEST(Datasets, HaveTheShapeAndClassesOfTheirFiles) {
  TemporaryFolder idx, cifar10;
  test::write_tiny_mnist(idx, 3, 1);
  test::write_tiny_cifar10(cifar10, 1, 1);
  size_t read = 0;
  for (const Dataset& dataset : datasets()) {
    if (!dataset.has_shape()) continue;
    for (const TemporaryFolder* folder : {&idx, &cifar10}) {
      if (!dataset.is_in(folder->path())) continue;
      const ImageSet images = load(dataset.name, {.folder = folder->path()}, Split::kTrain);
      EXPECT_EQ((std::array{images.height, images.width, images.channels}), dataset.shape);
      EXPECT_EQ(images.class_names.size(), dataset.classes) << dataset.name;
      ++read;
    }
  }
  EXPECT_EQ(read, fetchable_datasets().size());
}

// scripts/setup --data reads its names from the list of checksums.
TEST(Datasets, AreThoseThatTheScriptsFetch) {
  std::ifstream file(test::source_folder() / "scripts/data.sha256");
  std::vector<std::string> names;
  for (std::string line; std::getline(file, line);) {
    const size_t begin = line.find("  ") + 2;
    const std::string name = line.substr(begin, line.find('/') - begin);
    if (names.empty() || names.back() != name) names.push_back(name);
  }
  EXPECT_EQ(DatasetNames(names.begin(), names.end()), fetchable_datasets());
}

TEST(Datasets, WithTheSameFilesAreDistinguishedByPath) {
  TemporaryFolder folder;
  test::write_tiny_mnist(folder, 3, 1);
  EXPECT_EQ(recognized(folder.path())->name, "mnist");
  std::filesystem::copy(folder.path(), folder / "Fashion");
  EXPECT_EQ(recognized(folder / "Fashion")->name, "fashion-mnist");
  EXPECT_EQ(lookalikes(find_dataset("mnist")), DatasetNames{"fashion-mnist"});
  EXPECT_EQ(lookalikes(find_dataset("cifar10")), DatasetNames{});
}

}  // namespace
}  // namespace pumice::data
