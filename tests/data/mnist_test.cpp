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
      folder.file("train-images" + separator + "idx3-ubyte" + ending, test::tiny_pictures(2));
      folder.file("train-labels" + separator + "idx1-ubyte" + ending, test::tiny_labels(2));
      folder.file("t10k-images" + separator + "idx3-ubyte" + ending, test::tiny_pictures(1));
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

TEST(Mnist, RefusesPicturesOfAnotherSize) {
  TemporaryFolder folder;
  test::write_tiny_mnist(folder, 3, 1);
  std::string images =
      folder.file("t10k-images-idx3-ubyte", idx_file({1, 28, 27}, std::string(28 * 27, 'x')));
  EXPECT_EQ(load_mnist(folder.path(), Split::kTrain).count, 3u);
  for (auto* load : {load_mnist, load_fashion_mnist}) {
    EXPECT_EQ(error_of([&] { load(folder.path(), Split::kTest); }),
              images + ": expected pictures of 28x28, found 28x27");
  }
}

TEST(Mnist, RefusesLabelsOutOfRange) {
  TemporaryFolder folder;
  test::write_tiny_mnist(folder, 3, 1);
  std::string labels = folder.file("train-labels-idx1-ubyte", idx_file({3}, {1, 9, 10}));
  EXPECT_EQ(error_of([&] { load_mnist(folder.path(), Split::kTrain); }),
            labels + ": expected labels from 0 to 9, found 10 for picture 2");
}

}  // namespace
}  // namespace pumice::data
