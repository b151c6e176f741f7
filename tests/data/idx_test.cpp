#include "engine/data/idx.h"

#include <gtest/gtest.h>
#include <zlib.h>

#include "tests/support/errors.h"
#include "tests/support/temporary_folder.h"

namespace pumice::data {
namespace {

namespace fs = std::filesystem;
using test::error_of;
using test::TemporaryFolder;

std::string big_endian(uint32_t word) {
  return {char(word >> 24), char(word >> 16), char(word >> 8), char(word)};
}

std::string idx(std::initializer_list<uint32_t> extents, const std::string& values) {
  std::string text = big_endian(0x0800 | static_cast<uint32_t>(extents.size()));
  for (uint32_t extent : extents) text += big_endian(extent);
  return text + values;
}

fs::path gzipped(const fs::path& path, const std::string& content) {
  gzFile file = gzopen(path.c_str(), "wb");
  gzwrite(file, content.data(), static_cast<unsigned>(content.size()));
  gzclose(file);
  return path;
}

const std::string kImages = idx({2, 2, 3}, "abcdefABCDEF");
const std::string kLabels = idx({2}, {3, 7});

TEST(Idx, ReadsPlainFiles) {
  TemporaryFolder folder;
  ImageSet set = read_idx_images(folder.file("images", kImages), folder.file("labels", kLabels));
  EXPECT_EQ(set.count, 2u);
  EXPECT_EQ(set.height, 2u);
  EXPECT_EQ(set.width, 3u);
  EXPECT_EQ(set.channels, 1u);
  EXPECT_EQ(std::string(set.pixels.begin(), set.pixels.end()), "abcdefABCDEF");
  EXPECT_EQ(set.labels, (std::vector<Label>{3, 7}));
}

TEST(Idx, ReadsGzippedFiles) {
  TemporaryFolder folder;
  ImageSet set = read_idx_images(gzipped(folder / "images.gz", kImages),
                                 gzipped(folder / "labels.gz", kLabels));
  EXPECT_EQ(set.pixels.size(), 12u);
  EXPECT_EQ(set.labels, (std::vector<Label>{3, 7}));
}

TEST(Idx, ReadsMoreThanOnePiece) {
  TemporaryFolder folder;
  std::string values(3'000'001, 'x');
  values.back() = 'y';
  IdxArray array = read_idx(gzipped(folder / "big.gz", idx({3'000'001}, values)), 1);
  EXPECT_EQ(array.values.size(), values.size());
  EXPECT_EQ(array.values.back(), 'y');
}

struct BadFile {
  std::string name;
  std::string content;
  std::string message;
};

class BadIdx : public testing::TestWithParam<BadFile> {};

TEST_P(BadIdx, IsRefused) {
  TemporaryFolder folder;
  std::string path = folder.file("file", GetParam().content);
  EXPECT_EQ(error_of([&] { read_idx(path, 3); }), path + ": " + GetParam().message);
}

INSTANTIATE_TEST_SUITE_P(
    Idx, BadIdx,
    testing::Values(
        BadFile{
            "Magic", "\x89PNG and more of it",
            "not an IDX file of bytes with 3 axes: expected magic 0x00000803, found 0x89504e47"},
        BadFile{
            "OtherRank", kLabels,
            "not an IDX file of bytes with 3 axes: expected magic 0x00000803, found 0x00000801"},
        BadFile{"Empty", "", "truncated: expected a header of 16 bytes, found 0"},
        BadFile{"Header", kImages.substr(0, 9),
                "truncated: expected a header of 16 bytes, found 9"},
        BadFile{"Values", idx({60000, 28, 28}, std::string(984, 'x')),
                "truncated: expected 47040016 bytes, found 1000"},
        BadFile{"Trailing", kImages + "!",
                "trailing bytes: expected 28 bytes for its header's [2, 2, 3], found more"},
        BadFile{"NoImages", idx({0, 28, 28}, ""), "is empty: its header says [0, 28, 28]"},
        BadFile{"Huge", idx({~0u, ~0u, ~0u}, "x"),
                "impossible extents [4294967295, 4294967295, 4294967295] in its header"},
        BadFile{"HugeButPossible", idx({1u << 20, 1u << 10, 1u << 10}, "x"),
                "truncated: expected 1099511627792 bytes, found 17"}),
    [](const auto& info) { return info.param.name; });

TEST(Idx, ReportsHowMuchOfATruncatedGzipThereIs) {
  TemporaryFolder folder;
  std::string values;
  for (uint32_t i = 0; i < 784'000; ++i) values += char(i * i * 2654435761u >> 13);
  fs::path path = gzipped(folder / "images.gz", idx({1000, 28, 28}, values));
  fs::resize_file(path, fs::file_size(path) / 2);
  std::string error = error_of([&] { read_idx(path, 3); });
  EXPECT_TRUE(error.starts_with(path.string() + ": truncated: expected 784016 bytes, found "))
      << error;
}

TEST(Idx, NoticesDamagedGzip) {
  TemporaryFolder folder;
  fs::path path = gzipped(folder / "images.gz", idx({1, 28, 28}, std::string(784, 'x')));
  std::string bytes = test::content_of(path);
  bytes[bytes.size() - 6] ^= 1;  // in the checksum
  folder.file("images.gz", bytes);
  EXPECT_EQ(error_of([&] { read_idx(path, 3); }),
            path.string() + ": cannot read: incorrect data check");
}

TEST(Idx, NamesMissingFilesAndFolders) {
  TemporaryFolder folder;
  std::string path = folder / "none";
  EXPECT_EQ(error_of([&] { read_idx(path, 3); }),
            path + ": cannot open: No such file or directory");
  std::string here = folder.path();
  EXPECT_EQ(error_of([&] { read_idx(here, 3); }), here + ": expected an IDX file, found a folder");
}

TEST(Idx, NeedsAsManyLabelsAsImages) {
  TemporaryFolder folder;
  std::string images = folder.file("images", kImages);
  std::string labels = folder.file("labels", idx({3}, {1, 2, 3}));
  EXPECT_EQ(error_of([&] { read_idx_images(images, labels); }),
            labels + ": has 3 labels, but " + images + " has 2 images");
}

}  // namespace
}  // namespace pumice::data
