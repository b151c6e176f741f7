#include "engine/data/image_folder.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <set>

#include "engine/data/folder_layout.h"
#include "tests/support/contains.h"
#include "tests/support/errors.h"
#include "tests/support/image_files.h"
#include "tests/support/images.h"
#include "tests/support/temporary_folder.h"

namespace pumice::data {
namespace {

namespace fs = std::filesystem;
using test::contains;
using test::error_of;
using test::TemporaryFolder;
using test::write_plain_png;

std::vector<std::string> names_of(const ImageList& list) {
  std::vector<std::string> names;
  for (const ImageFile& file : list.files) names.push_back(file.name);
  return names;
}

/// A folder of images with a cache beside it. Image i of a class is grey i.
class ImageFolder : public testing::Test {
 protected:
  void fill(const std::string& place, uint32_t count) {
    for (uint32_t i = 0; i < count; ++i) {
      write_plain_png(root_ / place / fmt::format("{:03}.png", i), {uint8_t(i), uint8_t(i), 9});
    }
  }
  ImageList list(Split split) const { return read_folder_layout(root_).of(split); }
  ImageFolderOptions options() {
    ImageFolderOptions options{.folder = root_, .size = 4, .cache = folder_ / "cache"};
    options.on_decode = [this](uint32_t count) { decoded_ += count; };
    return options;
  }
  ImageSet load(Split split = Split::kTrain) { return load_image_folder(options(), split); }
  std::string error(Split split = Split::kTrain) {
    return error_of([&] { load(split); });
  }

  TemporaryFolder folder_;
  fs::path root_ = folder_ / "images";
  uint32_t decoded_ = 0;
};

TEST_F(ImageFolder, TakesSubfoldersAsClasses) {
  fill("zebra", 20);
  fill("ant", 20);
  fill("ant/old", 2);
  folder_.file("images/README.txt", "not an image");
  folder_.file("images/ant/.hidden.png", "not an image");
  const ImageSet set = load();
  EXPECT_EQ(set.class_names, (std::vector<std::string>{"ant", "zebra"}));
  EXPECT_EQ(set.classes(), 2u);
  EXPECT_EQ(set.height, 4u);
  EXPECT_EQ(set.channels, 3u);
  EXPECT_EQ(set.skipped, std::vector<std::string>());
  EXPECT_EQ(set.notes,
            std::vector<std::string>{"passed over 1 file that is not a PNG or JPEG: README.txt"});
  EXPECT_EQ(set.count + load(Split::kTest).count, 42u);
  const ImageList files = list(Split::kTrain);
  ASSERT_EQ(set.count, files.files.size());
  for (uint32_t i = 0; i < set.count; ++i) {
    const std::string& name = files.files[i].name;
    EXPECT_EQ(set.labels[i], name.starts_with("ant") ? 0 : 1) << name;
    EXPECT_EQ(set.pixels[i * 48], std::stoi(name.substr(name.size() - 7, 3))) << name;
    EXPECT_EQ(set.pixels[i * 48 + 47], 9);
  }
}

TEST_F(ImageFolder, SplitsByNamesOnly) {
  fill("", 200);
  const std::vector<std::string> train = names_of(list(Split::kTrain));
  const std::vector<std::string> tests = names_of(list(Split::kTest));
  EXPECT_EQ(train.size() + tests.size(), 200u);
  EXPECT_NEAR(double(tests.size()), 20, 15);
  EXPECT_TRUE(std::is_sorted(train.begin(), train.end()));
  EXPECT_EQ(names_of(list(Split::kTest)), tests);
  EXPECT_TRUE(list(Split::kTrain).class_names.empty());
  EXPECT_TRUE(load().labels.empty());
  fs::rename(root_, folder_ / "elsewhere");
  EXPECT_EQ(names_of(read_folder_layout(folder_ / "elsewhere").test), tests);
  root_ = folder_ / "elsewhere";
  fill("", 201);
  std::vector<std::string> lost;
  const std::vector<std::string> after = names_of(list(Split::kTest));
  std::set_difference(tests.begin(), tests.end(), after.begin(), after.end(),
                      std::back_inserter(lost));
  EXPECT_LE(lost.size(), 1u);
}

TEST_F(ImageFolder, GivesEachSplitAnImage) {
  for (uint32_t count = 2; count < 30; ++count) {
    fill("", count);
    EXPECT_GE(list(Split::kTrain).files.size(), 1u) << count;
    EXPECT_GE(list(Split::kTest).files.size(), 1u) << count;
  }
}

TEST_F(ImageFolder, KeepsAnExistingSplit) {
  fill("train/cat", 3);
  fill("train/dog", 3);
  fill("val/dog", 2);
  EXPECT_EQ(load().labels, (std::vector<Label>{0, 0, 0, 1, 1, 1}));
  EXPECT_EQ(load(Split::kTest).labels, (std::vector<Label>{1, 1}));
  EXPECT_EQ(load(Split::kTest).class_names, (std::vector<std::string>{"cat", "dog"}));
  fill("val/cow", 1);
  const ImageSet tests = load(Split::kTest);
  EXPECT_EQ(tests.count, 3u);
  EXPECT_EQ(tests.labels, std::vector<Label>());
  EXPECT_EQ(tests.unlabelled,
            (root_ / "val/cow").string() + ": expected a class of the training images");
}

TEST_F(ImageFolder, NumbersMoreClassesThanAByteHolds) {
  for (int i = 0; i < 300; ++i) fill(fmt::format("{}", i), 2);
  const ImageSet set = load();
  EXPECT_EQ(set.classes(), 300u);
  const ImageList files = list(Split::kTrain);
  ASSERT_EQ(set.labels.size(), files.files.size());
  for (size_t i = 0; i < set.labels.size(); ++i) {
    EXPECT_EQ(set.labels[i], std::stoi(files.files[i].name)) << files.files[i].name;
  }
  EXPECT_EQ(load().labels, set.labels) << "from the cache";
}

// docs/data.md says what 100,000 take.
TEST_F(ImageFolder, TakesThousandsOfFiles) {
  fill("a", 2);
  fs::create_directories(root_ / "b");
  for (uint32_t i = 0; i < 4000; ++i) {
    fs::create_hard_link(root_ / "a/001.png", root_ / "b" / fmt::format("{}.png", i));
  }
  const size_t count = list(Split::kTrain).files.size();
  EXPECT_GT(count, 3000u);
  const ImageSet images = load();
  EXPECT_EQ(images.count, count);
  EXPECT_EQ(decoded_, count);
}

TEST_F(ImageFolder, DigestDependsOnTheImages) {
  fill("a", 30);
  const uint64_t before = load().digest;
  EXPECT_NE(before, 0u);
  EXPECT_EQ(load().digest, before);
  fs::rename(root_, folder_ / "elsewhere");
  root_ = folder_ / "elsewhere";
  EXPECT_EQ(load().digest, before);
  const fs::path file = root_ / list(Split::kTrain).files[4].name;
  fs::rename(file, file.parent_path() / "z.png");
  EXPECT_NE(load().digest, before);
  fs::rename(file.parent_path() / "z.png", file);
  EXPECT_EQ(load().digest, before);
  write_plain_png(file, {200, 100, 50}, 16, 16);
  EXPECT_NE(load().digest, before);
}

TEST_F(ImageFolder, LeavesOutBrokenImagesByName) {
  fill("", 40);
  const std::vector<std::string> train = names_of(list(Split::kTrain));
  folder_.file("images/" + train[3], "no image");
  fs::resize_file(root_ / train[5], 40);
  const ImageSet set = load();
  EXPECT_EQ(set.count, train.size() - 2);
  EXPECT_EQ(set.pixels.size(), set.count * 48);
  EXPECT_EQ(set.pixels[3 * 48], std::stoi(train[4]));
  ASSERT_EQ(set.skipped.size(), 2u);
  EXPECT_EQ(set.skipped[0], (root_ / train[3]).string() + ": is not a PNG or JPEG file");
  EXPECT_TRUE(contains(set.skipped[1], train[5] + ": is cut off"));
  EXPECT_EQ(load().skipped, set.skipped) << "from the cache";
  ImageFolderOptions strict = options();
  strict.strict = true;
  EXPECT_EQ(error_of([&] { load_image_folder(strict, Split::kTrain); }),
            set.skipped[0] + " (2 broken images in " + root_.string() + ")");
}

TEST_F(ImageFolder, DecodesOnceUntilAFileChanges) {
  fill("a", 30);
  const ImageSet first = load();
  EXPECT_EQ(decoded_, first.count);
  const ImageSet second = load();
  EXPECT_EQ(decoded_, first.count);
  EXPECT_EQ(second.pixels, first.pixels);
  EXPECT_EQ(second.labels, first.labels);
  EXPECT_EQ(second.class_names, first.class_names);
  write_plain_png(root_ / list(Split::kTrain).files[2].name, {200, 100, 50}, 16, 16);
  EXPECT_EQ(load().pixels[2 * 48], 200);
  EXPECT_EQ(decoded_, 2 * first.count);
}

// A change of permissions changes neither size nor time.
TEST_F(ImageFolder, TriesAgainWhatCouldNotBeDecoded) {
  fill("a", 30);
  const fs::path file = root_ / list(Split::kTrain).files[2].name;
  const std::string whole = test::content_of(file);
  const fs::file_time_type time = fs::last_write_time(file);
  folder_.file(fs::relative(file, folder_.path()).string(), std::string(whole.size(), 'x'));
  fs::last_write_time(file, time);
  const ImageSet without = load();
  EXPECT_EQ(without.skipped,
            std::vector<std::string>{file.string() + ": is not a PNG or JPEG file"});
  EXPECT_EQ(load().skipped, without.skipped);
  EXPECT_EQ(decoded_, without.count + 1) << "once";
  folder_.file(fs::relative(file, folder_.path()).string(), whole);
  fs::last_write_time(file, time);
  const ImageSet all = load();
  EXPECT_EQ(all.count, without.count + 1);
  EXPECT_EQ(all.skipped, std::vector<std::string>());
  EXPECT_EQ(all.pixels[2 * 48], std::stoi(file.stem().string()));
}

TEST_F(ImageFolder, RefusesIgnoredFilesIfStrict) {
  fill("a", 10);
  ImageFolderOptions strict = options();
  strict.strict = true;
  EXPECT_EQ(error_of([&] { load_image_folder(strict, Split::kTrain); }), "(no error)");
  folder_.file("images/Thumbs.db", "no image");
  EXPECT_EQ(error_of([&] { load_image_folder(strict, Split::kTrain); }), "(no error)");
  folder_.file("images/b.webp", "RIFF");
  EXPECT_EQ(error_of([&] { load_image_folder(strict, Split::kTrain); }),
            root_.string() +
                ": expected images of its splits and nothing else, found 1 file that "
                "is not a PNG or JPEG: b.webp");
}

TEST_F(ImageFolder, KeepsImagesOfEachBackground) {
  fill("", 5);
  const std::string first = list(Split::kTrain).files[0].name;
  const test::Bytes clear = test::png_file({.color_type = 6, .rows = {9, 9, 9, 0}});
  folder_.file("images/" + first, {reinterpret_cast<const char*>(clear.data()), clear.size()});
  ImageFolderOptions on_orange = options();
  on_orange.background = {255, 128, 0};
  for (const char* from : {"the files", "the cache"}) {
    EXPECT_EQ(load().pixels[1], 0) << from;
    EXPECT_EQ(load_image_folder(on_orange, Split::kTrain).pixels[1], 128) << from;
  }
  EXPECT_EQ(decoded_, 2 * load().count);
}

TEST_F(ImageFolder, DoesNotTrustADamagedCache) {
  fill("a", 30);
  const ImageSet first = load();
  for (const auto& entry : fs::directory_iterator(folder_ / "cache")) {
    fs::resize_file(entry.path(), fs::file_size(entry.path()) - 1);
  }
  EXPECT_EQ(load().pixels, first.pixels);
  EXPECT_EQ(decoded_, 2 * first.count);
}

TEST_F(ImageFolder, WorksWithoutACache) {
  fill("a", 30);
  ImageFolderOptions without = options();
  without.cache.clear();
  const ImageSet set = load_image_folder(without, Split::kTrain);
  EXPECT_EQ(load_image_folder(without, Split::kTrain).pixels, set.pixels);
  EXPECT_EQ(decoded_, 2 * set.count);
  without.cache = folder_.file("occupied", "a file where a folder should be");
  EXPECT_EQ(load_image_folder(without, Split::kTrain).pixels, set.pixels);
}

TEST_F(ImageFolder, RefusesFoldersThatHoldNoDataSet) {
  const std::string root = root_.string();
  EXPECT_EQ(error(), root + ": expected a folder of images, found none");
  fs::create_directories(root_ / "empty");
  const std::string expected =
      ": expected PNG or JPEG images in it or in one sub-folder per class, found ";
  EXPECT_EQ(error(), root + expected + "0");
  fill("", 1);
  EXPECT_EQ(error(),
            root + ": expected at least 2 images, one for training and one for testing, found 1");
  fs::remove(root_ / "000.png");
  folder_.file("images/empty/a.webp", "RIFF");
  EXPECT_EQ(error(), root + expected + "0 and 1 file that is not a PNG or JPEG: empty/a.webp");
}

TEST_F(ImageFolder, RefusesAFolderOfOnlyBrokenImages) {
  fill("", 5);
  for (const ImageFile& file : list(Split::kTrain).files) fs::resize_file(file.path, 10);
  EXPECT_TRUE(contains(error(), " (0 of 4 images in " + root_.string() + " can be read)"))
      << error();
  EXPECT_FALSE(fs::exists(folder_ / "cache"));
}

}  // namespace
}  // namespace pumice::data
