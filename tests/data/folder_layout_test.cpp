#include "engine/data/folder_layout.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/contains.h"
#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace pumice::data {
namespace {

namespace fs = std::filesystem;
using test::error_of;
using Names = std::vector<std::string>;

/// A folder whose files only begin like images: listing reads no more of them.
class FolderLayouts : public testing::Test {
 protected:
  void put(const std::string& name, const std::string& content = "\xff\xd8\xff") const {
    fs::create_directories((folder_ / name).parent_path());
    folder_.file(name, content);
  }
  void fill(const std::string& place, int count, const std::string& ending = ".png") const {
    for (int i = 0; i < count; ++i) put(fmt::format("{}/{}{}", place, i, ending));
  }
  FolderLayout read(bool needs_labels = false) const {
    return read_folder_layout(folder_.path(), needs_labels);
  }
  /// The images of both splits.
  static size_t count(const FolderLayout& layout) {
    return layout.train.files.size() + layout.test.files.size();
  }
  static Names names_of(const ImageList& list) {
    Names names;
    for (const ImageFile& file : list.files) names.push_back(file.name);
    return names;
  }
  static std::vector<int> labels_of(const ImageList& list) {
    std::vector<int> labels;
    for (const ImageFile& file : list.files) labels.push_back(file.label);
    return labels;
  }

  test::TemporaryFolder folder_;
};

TEST_F(FolderLayouts, TakeAFolderCalledTrainAsAClassAmongOthers) {
  for (std::string name : {"bus", "car", "plane", "train"}) fill(name, 10);
  const FolderLayout layout = read();
  EXPECT_EQ(count(layout), 40u);
  EXPECT_EQ(layout.train.class_names, (Names{"bus", "car", "plane", "train"}));
  EXPECT_EQ(layout.test.class_names, layout.train.class_names);
  EXPECT_EQ(layout.splits, "a tenth of the images, chosen by name, is the test split");
  EXPECT_EQ(layout.passed_over, Names());
}

TEST_F(FolderLayouts, LeaveOutImagesThatRunsDrew) {
  for (std::string name : {"cat", "dog"}) fill(name, 6);
  fill("runs/vae-1/samples", 3);
  fill("runs/vae-1/curves", 2);
  put("runs/vae-1/.pumice", "Pumice\n");
  const FolderLayout layout = read();
  EXPECT_EQ(count(layout), 12u);
  EXPECT_EQ(layout.train.class_names, (Names{"cat", "dog"}));
}

TEST_F(FolderLayouts, KnowSplitsByTheNamesThatPeopleUse) {
  for (auto [train, test] : {std::pair("Training", "Testing"), std::pair("train", "valid"),
                             std::pair("TRAIN", "Validation"), std::pair("train", "val"),
                             std::pair("training_set", "test_set"), std::pair("train", "test1"),
                             std::pair("train2017", "val2017")}) {
    for (std::string class_name : {"cat", "dog"}) {
      fill(fmt::format("{}/{}", train, class_name), 6);
      fill(fmt::format("{}/{}", test, class_name), 2);
    }
    const FolderLayout layout = read();
    EXPECT_EQ(layout.train.files.size(), 12u) << train;
    EXPECT_EQ(layout.test.files.size(), 4u) << test;
    EXPECT_EQ(layout.train.class_names, (Names{"cat", "dog"}));
    EXPECT_EQ(labels_of(layout.test), (std::vector<int>{0, 0, 1, 1}));
    EXPECT_EQ(layout.splits,
              fmt::format("{} is the training split, {} the test split", train, test));
    EXPECT_EQ(layout.passed_over, Names());
    for (const auto& entry : fs::directory_iterator(folder_.path())) fs::remove_all(entry.path());
  }
}

TEST_F(FolderLayouts, PreferTheExactNameOfASplit) {
  fill("train/cat", 6);
  fill("Train2/cat", 3);
  fill("TEST/cat", 2);
  fill("Test1/cat", 1);
  const FolderLayout layout = read();
  EXPECT_EQ(layout.splits, "train is the training split, TEST the test split");
  EXPECT_EQ(layout.train.files.size(), 6u);
  EXPECT_EQ(layout.test.files.size(), 2u);
  EXPECT_EQ(layout.unused_splits, (Names{"Test1, 1 image: TEST is the test split",
                                         "Train2, 3 images: train is the training split"}));
}

TEST_F(FolderLayouts, RefuseSplitsInOnlySomeFolders) {
  for (std::string place : {"data/train/a", "data/train/b", "data/test/a", "docs"}) fill(place, 3);
  const std::string root = folder_.path().string();
  EXPECT_EQ(error_of([&] { read(); }), root +
                                           ": data holds the splits train and test, docs does "
                                           "not: pass --data " +
                                           root + "/data");
  EXPECT_EQ(read_folder_layout(folder_ / "data").train.class_names, (Names{"a", "b"}));
  fs::rename(folder_ / "data", folder_ / "inner");
  fs::create_directory(folder_ / "data");
  fs::rename(folder_ / "inner", folder_ / "data/inner");
  EXPECT_EQ(error_of([&] { read(); }), root +
                                           ": data/inner holds the splits train and test, docs "
                                           "does not: pass --data " +
                                           root + "/data/inner");
}

TEST_F(FolderLayouts, RefuseSplitsBesideAnnotations) {
  for (std::string place : {"images/training", "images/validation", "annotations/training"}) {
    fill(place, 3);
  }
  const std::string root = folder_.path().string();
  EXPECT_EQ(error_of([&] { read(); }),
            root +
                ": images holds the splits training and validation, annotations does not: pass "
                "--data " +
                root + "/images");
}

// CycleGAN's layout.
TEST_F(FolderLayouts, KnowSplitsOfClassesNamedByLetters) {
  fill("trainA", 5);
  fill("trainB", 4);
  fill("testA", 2);
  fill("testB", 1);
  fill("docs", 1);
  const FolderLayout layout = read(true);
  EXPECT_EQ(layout.splits, "trainA, trainB: the training split; testA, testB: the test split");
  EXPECT_EQ(layout.train.class_names, (Names{"A", "B"}));
  EXPECT_EQ(layout.test.class_names, (Names{"A", "B"}));
  EXPECT_EQ(labels_of(layout.train), (std::vector<int>{0, 0, 0, 0, 0, 1, 1, 1, 1}));
  EXPECT_EQ(names_of(layout.test), (Names{"testA/0.png", "testA/1.png", "testB/0.png"}));
  EXPECT_EQ(layout.passed_over, Names{"docs, 1 image: next to the splits trainA and testA"});
  fs::remove_all(folder_ / "testB");
  EXPECT_EQ(error_of([&] { read(); }),
            folder_.path().string() +
                ": expected a training and a test split for each class, found "
                "no test split of B");
}

TEST_F(FolderLayouts, RefuseASingleImage) {
  put("a.png");
  EXPECT_EQ(error_of([&] { read(); }),
            folder_.path().string() +
                ": expected at least 2 images, one for training and one for testing, found 1");
}

TEST_F(FolderLayouts, NameTheSplitThatIsNotUsed) {
  fill("train/cat", 3);
  fill("train/dog", 3);
  fill("val/dog", 2);
  fill("test/dog", 4);
  fill("extra", 5);
  put("cover.png");
  const FolderLayout layout = read();
  EXPECT_EQ(layout.train.files.size(), 6u);
  EXPECT_EQ(labels_of(layout.test), (std::vector<int>{1, 1}));
  EXPECT_EQ(layout.unused_splits, Names{"test, 4 images: val is the test split"});
  EXPECT_EQ(layout.passed_over, (Names{"1 image next to the folders of images: cover.png",
                                       "extra, 5 images: neither train nor val"}));
}

// The layout of Tiny ImageNet: the classes of test images are in a text file.
TEST_F(FolderLayouts, UseATestSplitWithoutClassesWhereNoneAreNeeded) {
  fill("train/n01/images", 10, ".JPEG");
  fill("train/n02/images", 10, ".JPEG");
  fill("val/images", 4, ".JPEG");
  put("val/val_annotations.txt", "val_0.JPEG\tn01\n");
  FolderLayout layout = read();
  EXPECT_EQ(layout.train.files.size(), 20u);
  EXPECT_EQ(layout.train.class_names, (Names{"n01", "n02"}));
  EXPECT_EQ(layout.test.files.size(), 4u);
  EXPECT_EQ(layout.test.class_names, Names());
  EXPECT_EQ(
      layout.test.unlabelled,
      (folder_ / "val").string() + ": expected one folder per class, as for the training images");
  EXPECT_EQ(layout.passed_over, Names{"1 file that is not a PNG or JPEG: val/val_annotations.txt"});

  layout = read(true);
  EXPECT_EQ(count(layout), 20u);
  EXPECT_EQ(layout.test.class_names, (Names{"n01", "n02"}));
  EXPECT_EQ(layout.unused_splits, Names{"val, 4 images: lacks the classes of train"});
  EXPECT_EQ(layout.splits, "a tenth of the images in train, chosen by name, is the test split");
}

TEST_F(FolderLayouts, ReportAClassThatOnlyTheTestSplitHas) {
  fill("train/cat", 3);
  fill("train/dog", 3);
  fill("val/cow", 1);
  fill("val/dog", 1);
  for (bool needs_labels : {false, true}) {
    const FolderLayout layout = read(needs_labels);
    EXPECT_EQ(layout.test.files.size(), 2u);
    EXPECT_EQ(layout.test.class_names, Names());
    EXPECT_EQ(labels_of(layout.test), (std::vector<int>{0, 0}));
    EXPECT_EQ(layout.test.unlabelled,
              (folder_ / "val/cow").string() + ": expected a class of the training images");
  }
}

TEST_F(FolderLayouts, PassOverTheFewerOfLooseAndSortedImages) {
  fill("cat", 6);
  fill("dog", 6);
  put("cover.png");
  FolderLayout layout = read();
  EXPECT_EQ(count(layout), 12u);
  EXPECT_EQ(layout.train.class_names, (Names{"cat", "dog"}));
  EXPECT_EQ(layout.passed_over, Names{"1 image next to the folders of images: cover.png"});
  for (int i = 0; i < 20; ++i) put(fmt::format("photo{}.png", i));
  layout = read();
  EXPECT_EQ(count(layout), 21u);
  EXPECT_EQ(layout.train.class_names, Names());
  ASSERT_EQ(layout.passed_over.size(), 1u);
  EXPECT_TRUE(layout.passed_over[0].starts_with("12 images in 2 folders (such as cat): most"));
}

TEST_F(FolderLayouts, LookIntoWhatArchivesUnpackTo) {
  for (std::string split : {"seg/training/training", "seg/test/test"}) {
    fill(split + "/cat", 3);
    fill(split + "/dog", 3);
  }
  put("__MACOSX/seg/._cat.png", "resource");
  FolderLayout layout = read();
  EXPECT_EQ(layout.train.files.size(), 6u);
  EXPECT_EQ(layout.test.files.size(), 6u);
  EXPECT_EQ(layout.train.class_names, (Names{"cat", "dog"}));
  fs::remove_all(folder_ / "seg/test");
  layout = read();
  EXPECT_EQ(count(layout), 6u);
  EXPECT_EQ(layout.train.class_names, (Names{"cat", "dog"}));
}

TEST_F(FolderLayouts, KnowSplitsInEveryClass) {
  for (std::string class_name : {"bottle", "cable"}) {
    fill(class_name + "/train/good", 4);
    fill(class_name + "/test/good", 1);
    fill(class_name + "/test/broken", 2);
    fill(class_name + "/ground_truth/broken", 2);
  }
  const FolderLayout layout = read();
  EXPECT_EQ(layout.train.class_names, (Names{"bottle", "cable"}));
  EXPECT_EQ(labels_of(layout.train), (std::vector<int>{0, 0, 0, 0, 1, 1, 1, 1}));
  EXPECT_EQ(labels_of(layout.test), (std::vector<int>{0, 0, 0, 1, 1, 1}));
  EXPECT_EQ(layout.passed_over, (Names{"bottle/ground_truth, 2 images: neither train nor test",
                                       "cable/ground_truth, 2 images: neither train nor test"}));
}

TEST_F(FolderLayouts, SortClassesAsPeopleCount) {
  Names expected;
  for (int i = 0; i < 12; ++i) {
    fill(fmt::to_string(i), 3);
    expected.push_back(fmt::to_string(i));
  }
  EXPECT_EQ(read().train.class_names, expected);
}

TEST_F(FolderLayouts, HaveRoomForManyClasses) {
  for (int i = 0; i < 300; ++i) put(fmt::format("person{:04}/1.png", i));
  const FolderLayout layout = read();
  EXPECT_EQ(count(layout), 300u);
  ASSERT_EQ(layout.train.class_names.size(), 300u);
  for (const ImageFile& file : layout.train.files) {
    EXPECT_EQ(file.name, layout.train.class_names[file.label] + "/1.png");
  }
}

TEST_F(FolderLayouts, KnowImagesByTheirFirstBytes) {
  const std::string png = "\x89PNG\r\n\x1a\n";
  for (std::string name : {"a.png", "b.jfif", "c.jpe", "d", "e.JPG", "f.PNG.bak"}) put(name, png);
  for (std::string name : {"._a.png", "Thumbs.db", ".DS_Store", "desktop.ini"}) put(name, png);
  put("@eaDir/a.png/SYNOPHOTO_THUMB_M.jpg");
  put("x.webp", "RIFF....WEBP");
  FolderLayout layout = read();
  EXPECT_EQ(count(layout), 6u);
  EXPECT_EQ(layout.passed_over, Names{"1 file that is not a PNG or JPEG: x.webp"});
  put("empty", "");
  for (int i = 0; i < 9; ++i) put(fmt::format("text{}.txt", i), "text");
  EXPECT_EQ(read().passed_over,
            Names{"11 files that are not PNG or JPEG: empty, text0.txt, text1.txt, …"});
}

TEST_F(FolderLayouts, FollowLinksToClassesButNotInCircles) {
  test::TemporaryFolder elsewhere;
  fs::create_directory(elsewhere / "photos");
  for (std::string name : {"photos/1.png", "photos/2.png"}) elsewhere.file(name, "\xff\xd8\xff");
  fill("cat", 2);
  fs::create_directory_symlink(elsewhere / "photos", folder_ / "dog");
  fs::create_directory_symlink(folder_.path(), folder_ / "cat/all");
  const FolderLayout layout = read();
  EXPECT_EQ(count(layout), 4u);
  EXPECT_EQ(layout.train.class_names, (Names{"cat", "dog"}));
}

TEST_F(FolderLayouts, KeepNamesThatAreNotUtf8) {
  fill("caf\xe9", 6);
  fill("bar", 6);
  EXPECT_EQ(read().train.class_names, (Names{"bar", "caf\xe9"}));
}

/// 4,000 file names such as people and programs choose.
using Naming = std::string (*)(int);

class SplitFraction : public testing::TestWithParam<Naming> {};

TEST_P(SplitFraction, IsATenth) {
  constexpr int kCount = 4000;
  ImageList list;
  for (int i = 0; i < kCount; ++i) list.files.push_back({.path = {}, .name = GetParam()(i)});
  const ImageList tests = take_test_split(list);
  EXPECT_EQ(list.files.size() + tests.files.size(), size_t{kCount});
  EXPECT_NEAR(double(tests.files.size()), 0.1 * kCount, 3 * std::sqrt(kCount * 0.1 * 0.9))
      << GetParam()(7);
}

INSTANTIATE_TEST_SUITE_P(
    FolderLayouts, SplitFraction,
    testing::Values([](int i) { return fmt::format("P{:03}/P{:03}_0001.png", i, i); },
                    [](int i) { return fmt::format("{}/{}.png", i, i); },
                    [](int i) { return fmt::format("Person_{0:04}/Person_{0:04}_{0:04}.png", i); },
                    [](int i) { return fmt::format("{}.png", i); },
                    [](int i) { return fmt::format("{:05}.jpg", i); },
                    [](int i) { return fmt::format("{:x}", i); },
                    [](int i) { return fmt::format("{:08x}{:08x}.png", i * 2654435761u, i); },
                    [](int i) { return fmt::format("IMG_{}.JPG", 20260101 + i); },
                    [](int i) { return fmt::format("{0}{0}", i); },
                    [](int i) { return std::string(static_cast<size_t>(i + 1), 'a'); },
                    [](int i) {
                      return fmt::format("{}/{:03}.png", i % 2 ? "cat" : "dog", i / 2);
                    }));

}  // namespace
}  // namespace pumice::data
