#include "engine/data/mnist.h"

#include <gtest/gtest.h>

#include "tests/support/errors.h"
#include "tests/support/tiny_mnist.h"

namespace pumice::data {
namespace {

using test::error_of;
using test::idx_file;
using test::TemporaryFolder;

TEST(Mnist, FindsEveryUsualName) {
  for (std::string separator : {"-", "."}) {
    for (std::string ending : {"", ".gz"}) {
      TemporaryFolder folder;
      folder.file("train-images" + separator + "idx3-ubyte" + ending, test::tiny_images(2));
      folder.file("train-labels" + separator + "idx1-ubyte" + ending, test::tiny_labels(2));
      folder.file("t10k-images" + separator + "idx3-ubyte" + ending, test::tiny_images(1));
      folder.file("t10k-labels" + separator + "idx1-ubyte" + ending, test::tiny_labels(1));
      EXPECT_EQ(load_mnist(folder.path(), Split::kTrain).count, 2u);
      EXPECT_EQ(load_fashion_mnist(folder.path(), Split::kTest).count, 1u);
    }
  }
}

TEST(Mnist, NamesItsClasses) {
  TemporaryFolder folder;
  test::write_tiny_mnist(folder, 3, 1);
  ImageSet digits = load_mnist(folder.path(), Split::kTrain);
  EXPECT_EQ(digits.classes(), 10u);
  EXPECT_EQ(digits.class_names[7], "7");
  EXPECT_EQ(load_fashion_mnist(folder.path(), Split::kTrain).class_names[9], "ankle boot");
}

TEST(Mnist, SaysWhatToDoWhenItIsMissing) {
  TemporaryFolder folder;
  const std::string files =
      "no t10k-images-idx3-ubyte or t10k-images.idx3-ubyte (plain or .gz) in ";
  EXPECT_EQ(error_of([&] { load_mnist(folder.path(), Split::kTest); }),
            "MNIST: " + files + folder.path().string() +
                "; fetch it with 'pumice data fetch mnist', or pass --data DIR");
  EXPECT_EQ(error_of([&] { load_fashion_mnist(folder.path(), Split::kTest); }),
            "Fashion-MNIST: " + files + folder.path().string() +
                "; fetch it with 'pumice data fetch fashion-mnist', or pass --data DIR");
}

TEST(Mnist, RefusesImagesOfAnotherSize) {
  TemporaryFolder folder;
  test::write_tiny_mnist(folder, 3, 1);
  std::string images =
      folder.file("t10k-images-idx3-ubyte", idx_file({1, 28, 27}, std::string(28 * 27, 'x')));
  EXPECT_EQ(load_mnist(folder.path(), Split::kTrain).count, 3u);
  for (auto* load : {load_mnist, load_fashion_mnist}) {
    EXPECT_EQ(error_of([&] { load(folder.path(), Split::kTest); }),
              images + ": expected images of 28x28, found 28x27");
  }
}

// EMNIST's letters are numbered from 1 to 26.
TEST(Mnist, NamesOtherClassesByNumber) {
  TemporaryFolder folder;
  test::write_tiny_mnist(folder, 3, 1);
  folder.file("train-labels-idx1-ubyte", idx_file({3}, {1, 9, 26}));
  const ImageSet set = load_mnist(folder.path(), Split::kTrain);
  EXPECT_EQ(set.labels, (std::vector<Label>{1, 9, 26}));
  EXPECT_EQ(set.classes(), 27u);
  EXPECT_EQ(set.class_names[26], "26");
  EXPECT_EQ(set.notes, std::vector<std::string>{"labels go up to 26, not to 9: the classes are "
                                                "named by number"});
  EXPECT_EQ(load_mnist(folder.path(), Split::kTest).notes, std::vector<std::string>());
}

TEST(Mnist, ReadsLabelsInRowsOfNumbers) {
  TemporaryFolder folder;
  test::write_tiny_mnist(folder, 3, 1);
  std::string rows;
  for (char label : {7, 2, 9}) rows += std::string("\0\0\0", 3) + label + std::string(28, '\1');
  std::string file = idx_file({3, 8}, rows);
  file[2] = 0x0c;
  const std::string labels = folder.file("train-labels-idx1-ubyte", file);
  EXPECT_EQ(load_mnist(folder.path(), Split::kTrain).labels, (std::vector<Label>{7, 2, 9}));
  file[12] = static_cast<char>(0xff);  // the first label's highest byte
  folder.file("train-labels-idx1-ubyte", file);
  const ImageSet set = load_mnist(folder.path(), Split::kTrain);
  EXPECT_EQ(set.labels, std::vector<Label>());
  EXPECT_EQ(set.class_names, std::vector<std::string>());
  EXPECT_EQ(set.unlabelled,
            labels + ": expected labels from 0 to 65535, found -16777209 for image 0");
  file[2] = 0x0d;  // float
  folder.file("train-labels-idx1-ubyte", file);
  const ImageSet floats = load_mnist(folder.path(), Split::kTrain);
  EXPECT_EQ(floats.count, 3u);
  EXPECT_EQ(floats.labels, std::vector<Label>());
  EXPECT_EQ(floats.unlabelled,
            labels + ": not an IDX file of labels: expected magic 0x00000801, found 0x00000d02");
}

TEST(Mnist, LoadsImagesWithoutLabelFiles) {
  TemporaryFolder folder;
  test::write_tiny_mnist(folder, 3, 1);
  std::filesystem::remove(folder / "t10k-labels-idx1-ubyte");
  const ImageSet set = load_mnist(folder.path(), Split::kTest);
  EXPECT_EQ(set.count, 1u);
  EXPECT_EQ(set.labels, std::vector<Label>());
  EXPECT_EQ(set.class_names, std::vector<std::string>());
  EXPECT_EQ(set.unlabelled,
            "MNIST: no t10k-labels-idx1-ubyte or t10k-labels.idx1-ubyte (plain or .gz) in " +
                folder.path().string() +
                "; fetch it with 'pumice data fetch mnist', or pass --data DIR");
  EXPECT_EQ(load_mnist(folder.path(), Split::kTrain).labels, (std::vector<Label>{0, 1, 2}));
}

// Kaggle's archive has a folder per file, torchvision's a folder per data set.
TEST(Mnist, FindsFilesWhereOthersUnpackThem) {
  TemporaryFolder folder;
  test::write_tiny_mnist(folder, 5, 2);
  for (std::string place : {"MNIST/raw", "raw", "kaggle"}) {
    TemporaryFolder there;
    std::filesystem::create_directories(there / place);
    for (const auto& entry : std::filesystem::directory_iterator(folder.path())) {
      const std::string name = entry.path().filename().string();
      if (place != "kaggle") {
        std::filesystem::copy(entry.path(), there / (place + "/" + name));
      } else {
        std::filesystem::create_directory(there / name);
        std::filesystem::copy(entry.path(), there / (name + "/" + name));
      }
    }
    EXPECT_EQ(load_mnist(there.path(), Split::kTrain).count, 5u) << place;
    EXPECT_EQ(load_mnist(there.path(), Split::kTest).count, 2u) << place;
    EXPECT_TRUE(holds_mnist(there.path())) << place;
  }
  EXPECT_FALSE(holds_mnist(folder / "none"));
}

TEST(Mnist, FindsItsVariantsByTheirNames) {
  TemporaryFolder folder;
  for (std::string family : {"emnist-letters-", "emnist-digits-"}) {
    folder.file(family + "train-images-idx3-ubyte", test::tiny_images(2));
    folder.file(family + "train-labels-idx1-ubyte", test::tiny_labels(2));
    if (family != "emnist-digits-") {
      EXPECT_EQ(load_mnist(folder.path(), Split::kTrain).count, 2u);
    }
  }
  EXPECT_EQ(error_of([&] { load_mnist(folder.path(), Split::kTrain); }),
            folder.path().string() +
                ": holds several data sets, including emnist-digits-train-images-idx3-ubyte and "
                "emnist-letters-train-images-idx3-ubyte: put the files of each into a separate "
                "folder");
  test::write_tiny_mnist(folder, 3, 1);
  EXPECT_EQ(load_mnist(folder.path(), Split::kTrain).count, 3u);
}

}  // namespace
}  // namespace pumice::data
