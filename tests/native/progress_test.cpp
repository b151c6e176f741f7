#include "native/system/progress.h"

#include <gtest/gtest.h>

#include "tests/support/temporary_folder.h"

namespace pumice::system {
namespace {

ProgressState some_state() {
  return {.epoch = 3,
          .epochs = 200,
          .images = 30000,
          .images_per_epoch = 60000,
          .images_per_second = 41231.4,
          .seconds_left = 5530,
          .metrics = {{"loss", 103.4249}, {"kl", 25.1}}};
}

TEST(Progress, ShowsDurations) {
  EXPECT_EQ(duration_text(0), "0:00");
  EXPECT_EQ(duration_text(59.6), "1:00");
  EXPECT_EQ(duration_text(725), "12:05");
  EXPECT_EQ(duration_text(5530), "1:32:10");
}

TEST(Progress, FillsTheWidth) {
  EXPECT_EQ(bar_line(some_state(), 120),
            "epoch   3/200 [==============>               ]  50%  41231 images/s  loss 103.42  "
            "kl 25.1  ETA 1:32:10");
  EXPECT_EQ(bar_line(some_state(), 80).size(), 80u);
  EXPECT_EQ(bar_line(some_state(), 75),
            "epoch   3/200  50%  41231 images/s  loss 103.42  kl 25.1  ETA 1:32:10");
  EXPECT_EQ(bar_line(some_state(), 20), "epoch   3/200  50%  ");
}

TEST(Progress, LeavesOutWhatIsUnknown) {
  EXPECT_EQ(
      bar_line({.epoch = 1, .epochs = 3, .images = 0, .images_per_epoch = 10, .metrics = {}}, 30),
      "epoch 1/3 [             ]   0%");
}

/// Runs two epochs of 100 images, half of them in `seconds`, and half a second of testing after
/// each.
std::string output_of(ProgressStyle style, double seconds = 1) {
  test::TemporaryFolder folder;
  std::FILE* out = std::fopen((folder / "out").c_str(), "w");
  double now = 0;
  {
    Progress progress(out, style, 3, 100, 2, [&] { return now; });
    for (int epoch = 2; epoch <= 3; ++epoch) {
      for (int images = 50; images <= 100; images += 50) {
        now += seconds;
        progress.update(static_cast<uint64_t>(images), {{"loss", 200.0 - images}});
      }
      now += 0.5;
      progress.end_epoch({{"loss", 100}, {"test loss", 101}});
    }
    progress.message("saved");
  }
  std::fclose(out);
  return test::content_of(folder / "out");
}

TEST(Progress, WritesOneLinePerEpoch) {
  EXPECT_EQ(output_of(ProgressStyle::kLines),
            "epoch 2/3  loss 100  test loss 101  50 images/s  2.5 s\n"
            "epoch 3/3  loss 100  test loss 101  50 images/s  2.5 s\n"
            "saved\n");
}

TEST(Progress, ReportsALongEpochEveryTenSeconds) {
  EXPECT_TRUE(output_of(ProgressStyle::kLines, 8)
                  .starts_with("epoch 2/3 100%  6 images/s  loss 100  ETA 0:16\n"
                               "epoch 2/3  loss 100  test loss 101  6 images/s  16.5 s\n"
                               "epoch 3/3 100%"));
}

TEST(Progress, RedrawsABar) {
  std::string output = output_of(ProgressStyle::kBar);
  EXPECT_TRUE(output.starts_with("\repoch 2/3 [")) << output;
  EXPECT_NE(output.find("50%  50 images/s  loss 150  ETA 0:03\x1b[K\repoch 2/3 ["), output.npos)
      << output;
  EXPECT_NE(
      output.find("\r\x1b[Kepoch 2/3  loss 100  test loss 101  50 images/s  2.5 s\n\repoch 3/3"),
      output.npos)
      << output;
}

TEST(Progress, CanBeSilent) { EXPECT_EQ(output_of(ProgressStyle::kSilent), ""); }

TEST(Progress, DrawsNoBarIntoFiles) {
  std::FILE* file = std::tmpfile();
  EXPECT_EQ(progress_style(file, false), ProgressStyle::kLines);
  EXPECT_EQ(progress_style(file, true), ProgressStyle::kSilent);
  std::fclose(file);
}

}  // namespace
}  // namespace pumice::system
