#include "native/training/steps_csv.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/support/temporary_folder.h"

namespace pumice {
namespace {

using test::content_of;
using test::TemporaryFolder;

constexpr uint32_t kStepsPerEpoch = 44;  // two of them share a row
const std::vector<std::string> kMetrics{"loss"};

/// The metrics of the epoch up to `last`, as a trainer gives them: the loss of a step is its
/// number.
std::vector<train::StepMetrics> averages(uint32_t begin, uint32_t last) {
  std::vector<train::StepMetrics> rows;
  for (uint32_t step = begin; step < last; step += 2) {
    const uint32_t end = std::min(step + 2, last);
    rows.push_back({.step = end, .metrics = {{"loss", (step + 1 + end) / 2.0}}});
  }
  return rows;
}

TEST(StepsCsv, GivesAnEpochTwentyToFiftyRows) {
  for (uint32_t steps = 40; steps < 100'000; steps += 1 + steps / 50) {
    const uint32_t rows = (steps + steps_per_row(steps) - 1) / steps_per_row(steps);
    EXPECT_TRUE(rows >= 20 && rows <= 50) << rows << " rows of " << steps << " steps";
  }
  EXPECT_EQ(steps_per_row(1), 1u);
  EXPECT_EQ(steps_per_row(39), 1u);
  EXPECT_EQ(steps_per_row(468), 20u);
  EXPECT_EQ(steps_per_row(1000), 50u);
}

TEST(StepsCsv, AppendsRowsOnceTheyAreWhole) {
  TemporaryFolder folder;
  const auto path = folder / "steps.csv";
  StepsCsv steps(path, kMetrics, kStepsPerEpoch, 0);
  EXPECT_EQ(content_of(path), "step,train_loss\n");
  steps.append_whole(averages(0, 3));
  EXPECT_EQ(content_of(path), "step,train_loss\n2,1.5\n");
  steps.append_whole(averages(0, 4));
  EXPECT_EQ(content_of(path), "step,train_loss\n2,1.5\n4,3.5\n");
  steps.append_all(averages(0, 5));
  EXPECT_EQ(content_of(path), "step,train_loss\n2,1.5\n4,3.5\n5,5\n");
}

TEST(StepsCsv, ResumesAsIfItHadNotStopped) {
  TemporaryFolder folder;
  const auto path = folder / "steps.csv", whole = folder / "whole.csv";
  StepsCsv(path, kMetrics, kStepsPerEpoch, 0).append_all(averages(0, 7));
  StepsCsv(path, kMetrics, kStepsPerEpoch, 7).append_all(averages(0, kStepsPerEpoch));
  // Rows after the checkpoint come from a run that was killed.
  StepsCsv(path, kMetrics, kStepsPerEpoch, kStepsPerEpoch)
      .append_all(averages(kStepsPerEpoch, kStepsPerEpoch + 9));
  StepsCsv(path, kMetrics, kStepsPerEpoch, kStepsPerEpoch)
      .append_all(averages(kStepsPerEpoch, 2 * kStepsPerEpoch));
  StepsCsv all(whole, kMetrics, kStepsPerEpoch, 0);
  all.append_all(averages(0, kStepsPerEpoch));
  all.append_all(averages(kStepsPerEpoch, 2 * kStepsPerEpoch));
  EXPECT_EQ(content_of(path), content_of(whole));
  EXPECT_EQ(read_steps(path).size(), size_t{kStepsPerEpoch});
}

TEST(StepsCsv, ReadsOnlyFiniteNumbers) {
  TemporaryFolder folder;
  const std::string path =
      folder.file("steps.csv", "step,train_d_loss,train_g_loss\n20,1.5,nan\n40,1.25,0.5\n60,1");
  const std::vector<train::StepMetrics> rows = read_steps(path);
  ASSERT_EQ(rows.size(), 2u);
  EXPECT_EQ(rows[0].step, 20u);
  EXPECT_EQ(rows[0].metrics, (Metrics{{"d_loss", 1.5}}));
  EXPECT_EQ(rows[1].metrics, (Metrics{{"d_loss", 1.25}, {"g_loss", 0.5}}));
}

}  // namespace
}  // namespace pumice
