#include "engine/data/cifar10.h"

#include <gtest/gtest.h>

#include "tests/support/errors.h"
#include "tests/support/tiny_cifar10.h"

namespace pumice::data {
namespace {

using test::cifar10_record;
using test::error_of;
using test::TemporaryFolder;

TEST(Cifar10, InterleavesColours) {
  TemporaryFolder folder;
  test::write_tiny_cifar10(folder, 2, 1);
  ImageSet set = load_cifar10(folder.path(), Split::kTrain);
  EXPECT_EQ(set.count, 10u);
  EXPECT_EQ(set.height, 32u);
  EXPECT_EQ(set.width, 32u);
  EXPECT_EQ(set.channels, 3u);
  ASSERT_EQ(set.pixels.size(), 10u * 3072);
  EXPECT_EQ(set.labels, (std::vector<Label>{1, 2, 2, 3, 3, 4, 4, 5, 5, 6}));
  EXPECT_EQ(set.class_names[set.labels[3]], "cat");
  // Pixel i of a plane has the value i, red; 2i, green; 3i, blue: see cifar10_record().
  EXPECT_EQ(set.pixels[3072 + 3 * 100], 100);
  EXPECT_EQ(set.pixels[3072 + 3 * 100 + 1], 200);
  EXPECT_EQ(set.pixels[3072 + 3 * 100 + 2], 300 % 256);
  EXPECT_EQ(load_cifar10(folder.path(), Split::kTest).count, 1u);
}

TEST(Cifar10, FindsWhatTheArchiveUnpacksTo) {
  TemporaryFolder folder;
  std::filesystem::create_directory(folder / "cifar-10-batches-bin");
  folder.file("cifar-10-batches-bin/test_batch.bin", cifar10_record(7));
  EXPECT_EQ(load_cifar10(folder.path(), Split::kTest).labels, std::vector<Label>{7});
}

TEST(Cifar10, NamesTheFileThatIsWrong) {
  TemporaryFolder folder;
  test::write_tiny_cifar10(folder, 1, 1);
  auto train_error = [&] { return error_of([&] { load_cifar10(folder.path(), Split::kTrain); }); };
  std::string third = folder.file("data_batch_3.bin", cifar10_record(1) + cifar10_record(10));
  EXPECT_EQ(train_error(), third + ": expected labels from 0 to 9, found 10 for image 1");
  folder.file("data_batch_3.bin", cifar10_record(1) + "x");
  const std::string records = ": expected records of 3073 bytes (a label, 32x32x3 pixels), found ";
  EXPECT_EQ(train_error(), third + records + "3074 bytes");
  folder.file("data_batch_3.bin", "");
  EXPECT_EQ(train_error(), third + records + "0 bytes");
  std::filesystem::remove(third);
  EXPECT_EQ(train_error(), "CIFAR-10: no data_batch_3.bin in " + folder.path().string() +
                               "; fetch it with 'pumice data fetch cifar10', or pass --data DIR");
  std::filesystem::create_directory(third);
  EXPECT_EQ(train_error(), third + ": expected a file, found a folder");
}

TEST(Cifar10, NamesTheFilesFoundInstead) {
  TemporaryFolder folder;
  const std::string fetch =
      "; the binary version is expected: fetch it with 'pumice data fetch cifar10', or unpack "
      "cifar-10-binary.tar.gz";
  auto error = [&](const std::string& where) {
    return error_of([&] { load_cifar10(where, Split::kTrain); });
  };
  const std::string python = folder / "cifar-10-batches-py";
  std::filesystem::create_directory(python);
  folder.file("cifar-10-batches-py/data_batch_1", "pickled");
  const std::string expected = "CIFAR-10: no data_batch_1.bin in " + python +
                               ", which holds CIFAR-10 for Python (pickled)" + fetch;
  EXPECT_EQ(error(folder.path()), expected);
  EXPECT_EQ(error(python), expected);
  TemporaryFolder hundred;
  hundred.file("train.bin", "");
  EXPECT_EQ(error(hundred.path()), "CIFAR-10: no data_batch_1.bin in " + hundred.path().string() +
                                       ", which holds CIFAR-100, a different data set" + fetch);
}

}  // namespace
}  // namespace pumice::data
