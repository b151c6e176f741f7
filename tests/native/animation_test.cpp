#include "native/formats/animation.h"

#include <gtest/gtest.h>

#include <fmt/format.h>
#include <cstdio>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "engine/base/cache_folder.h"
#include "tests/support/errors.h"
#include "tests/support/folders.h"
#include "tests/support/images.h"
#include "tests/support/temporary_folder.h"

namespace pumice::formats {
namespace {

using nlohmann::json;
using test::error_of;
using test::plain_image;

/// Moving ramps of 12 x 10 pixels.
std::vector<Image> moving(uint32_t channels, uint32_t count) {
  std::vector<Image> frames(count, {.width = 12, .height = 10, .channels = channels, .pixels = {}});
  for (uint32_t frame = 0; frame < count; ++frame) {
    for (uint32_t i = 0; i < 120 * channels; ++i) {
      frames[frame].pixels.push_back(static_cast<uint8_t>((i / channels) * 2 + frame * 9 + i % 3));
    }
  }
  return frames;
}

std::vector<int> in_colors(const Image& image) {
  std::vector<int> values;
  for (size_t i = 0; i < image.pixels.size(); ++i) {
    values.insert(values.end(), image.channels == 1 ? 3 : 1, image.pixels[i]);
  }
  return values;
}

int most_apart(const std::vector<int>& a, const std::vector<int>& b) {
  int most = a.size() == b.size() ? 0 : 255;
  for (size_t i = 0; i < std::min(a.size(), b.size()); ++i) {
    most = std::max(most, std::abs(a[i] - b[i]));
  }
  return most;
}

/// Files that independent decoders must be able to read; tests/package.json lists these.
class ForeignAnimation : public testing::Test {
 protected:
  void SetUp() override {
    if (!std::filesystem::exists(npm_ / "node_modules/upng-js")) {
      GTEST_SKIP() << "no upng-js in " << npm_ << "; scripts/test installs it";
    }
  }

  json read(const std::filesystem::path& file) const {
    const auto script = test::source_folder() / "tests/native/animation_reader.mjs";
    std::string command =
        fmt::format("node '{}' '{}' '{}'", script.string(), npm_.string(), file.string());
    std::FILE* pipe = popen(command.c_str(), "r");
    std::string output;
    for (int c = std::fgetc(pipe); c != EOF; c = std::fgetc(pipe)) output += static_cast<char>(c);
    EXPECT_EQ(pclose(pipe), 0) << command;
    return json::parse(output, nullptr, false);
  }

  /// Writes a file and reads it back; colours may differ by `tolerance`.
  void expect_same(const std::string& name, const std::vector<Image>& frames, int tolerance) {
    const std::filesystem::path file = folder_ / name;
    write_animation(file, {.frames = frames, .frames_per_second = 5});
    const json animation = read(file);
    EXPECT_EQ(animation["width"], 12);
    EXPECT_EQ(animation["height"], 10);
    EXPECT_EQ(animation["loops"], 0);
    EXPECT_EQ(animation["milliseconds"], json(std::vector<int>(frames.size(), 200)));
    ASSERT_EQ(animation["frames"].size(), frames.size());
    for (size_t i = 0; i < frames.size(); ++i) {
      EXPECT_LE(most_apart(animation["frames"][i].get<std::vector<int>>(), in_colors(frames[i])),
                tolerance)
          << name << ", frame " << i;
    }
  }

  std::filesystem::path npm_ = cache_folder() / "npm";
  test::TemporaryFolder folder_;
};

TEST_F(ForeignAnimation, ReadsApng) {
  expect_same("grey.apng", moving(1, 4), 0);
  expect_same("colours.apng", moving(3, 3), 0);
  expect_same("one.apng", moving(3, 1), 0);
}

#ifdef PUMICE_GIF
TEST_F(ForeignAnimation, ReadsGif) {
  expect_same("grey.gif", moving(1, 4), 0);
  expect_same("colours.gif", moving(3, 3), 16);
}
#endif

TEST(Animation, RunsThereAndBack) {
  const std::vector<Image> frames = moving(1, 4);
  const std::vector<Image> round = there_and_back(frames);
  ASSERT_EQ(round.size(), 6u);
  EXPECT_EQ(round[4].pixels, frames[2].pixels);
  EXPECT_EQ(round[5].pixels, frames[1].pixels);
  EXPECT_EQ(there_and_back(moving(1, 2)).size(), 2u);
}

TEST(Animation, RefusesWhatDoesNotFit) {
  test::TemporaryFolder folder;
  const std::string file = folder / "x.apng";
  EXPECT_EQ(error_of([&] { write_animation(file, {}); }),
            file + ": an animation expects at least one frame");
  Animation uneven{.frames = {plain_image(2, 2, {1}), plain_image(3, 2, {1})}};
  EXPECT_EQ(error_of([&] { write_animation(file, uneven); }),
            file + ": an animation expects frames of one size, got 3x2x1 after 2x2x1");
  EXPECT_EQ(error_of([&] { write_animation("x.mp4", uneven); }),
            "x.mp4: an animation is written as .gif or .apng");
  EXPECT_EQ(folder.count(), 0u);
}

}  // namespace
}  // namespace pumice::formats
