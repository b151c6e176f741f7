#include "native/training/steps_csv.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>

#include "tests/support/errors.h"
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

void refuse_warning(const std::string& text) { ADD_FAILURE() << text; }

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
  StepsCsv steps(path, kMetrics, kStepsPerEpoch, 0, refuse_warning);
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
  StepsCsv(path, kMetrics, kStepsPerEpoch, 0, refuse_warning).append_all(averages(0, 7));
  StepsCsv(path, kMetrics, kStepsPerEpoch, 7, refuse_warning)
      .append_all(averages(0, kStepsPerEpoch));
  // Rows after the checkpoint come from a run that was killed.
  StepsCsv(path, kMetrics, kStepsPerEpoch, kStepsPerEpoch, refuse_warning)
      .append_all(averages(kStepsPerEpoch, kStepsPerEpoch + 9));
  StepsCsv(path, kMetrics, kStepsPerEpoch, kStepsPerEpoch, refuse_warning)
      .append_all(averages(kStepsPerEpoch, 2 * kStepsPerEpoch));
  StepsCsv all(whole, kMetrics, kStepsPerEpoch, 0, refuse_warning);
  all.append_all(averages(0, kStepsPerEpoch));
  all.append_all(averages(kStepsPerEpoch, 2 * kStepsPerEpoch));
  EXPECT_EQ(content_of(path), content_of(whole));
  EXPECT_EQ(read_steps(path).size(), size_t{kStepsPerEpoch});
}

TEST(StepsCsv, ReplacesLostRows) {
  TemporaryFolder folder;
  const std::string whole = folder / "whole.csv", path = folder / "steps.csv";
  StepsCsv all(whole, kMetrics, kStepsPerEpoch, 0, refuse_warning);
  all.append_all(averages(0, kStepsPerEpoch));
  const std::string good = content_of(whole);
  const std::string zeros(40, '\0');
  const struct {
    std::string content, problem;
    size_t lost;
    std::string range;
  } cases[]{{"", "its header is damaged", 22, "steps 2 to 44"},
            {std::string(good.size(), '\0'), "its header is damaged", 22, "steps 2 to 44"},
            {good.substr(0, 8), "its header is damaged", 22, "steps 2 to 44"},
            {good.substr(0, good.find("\n10,") + 3), "rows are missing", 18, "steps 10 to 44"},
            {good.substr(0, good.find("\n10,")) + zeros, "rows are missing", 19, "steps 8 to 44"},
            {good.substr(0, good.find("\n44,") + 1), "rows are missing", 1, "step 44"},
            {good.substr(0, good.find("\n10,") + 1) + zeros + good.substr(good.find("\n12,")),
             "line 6 is damaged", 18, "steps 10 to 44"},
            {good.substr(0, good.find("\n10,")) + good.substr(good.find("\n14,")),
             "rows are missing", 2, "steps 10 to 12"}};
  for (const auto& damage : cases) {
    folder.file("steps.csv", damage.content);
    std::string warning;
    StepsCsv(path, kMetrics, kStepsPerEpoch, kStepsPerEpoch + 3,
             [&](const std::string& text) { warning += text + "\n"; });
    EXPECT_EQ(warning, fmt::format("{}: {}; {} of 22 rows were lost ({}): they are nan now\n", path,
                                   damage.problem, damage.lost, damage.range));
    const formats::MetricsTable table = formats::read_metrics(path);
    ASSERT_EQ(table.rows.size(), 22u);
    EXPECT_EQ(std::ranges::count_if(table.rows, [](const auto& row) { return std::isnan(row[1]); }),
              static_cast<ptrdiff_t>(damage.lost));
    // The file is complete now: no second warning.
    StepsCsv(path, kMetrics, kStepsPerEpoch, kStepsPerEpoch + 3, refuse_warning);
  }
}

TEST(StepsCsv, IsNotReplacedIfItHasOtherColumns) {
  TemporaryFolder folder;
  const std::string path = folder.file("steps.csv", "step,train_other\n2,1\n");
  EXPECT_EQ(test::error_of([&] { StepsCsv(path, kMetrics, 2, 2, refuse_warning); }),
            path + ": expected columns step,train_loss, found step,train_other");
  EXPECT_EQ(content_of(path), "step,train_other\n2,1\n");
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

TEST(StepsCsv, RefusesToReadAStepThatIsNotWhole) {
  TemporaryFolder folder;
  for (const char* step : {"-9", "nan", "1e30"}) {
    const std::string path = folder.file("steps.csv", fmt::format("step,train_loss\n{},1\n", step));
    const std::string message = test::error_of([&] { read_steps(path); });
    EXPECT_TRUE(message.starts_with(path + ": expected a whole number in the first column, found "))
        << message;
  }
}

}  // namespace
}  // namespace pumice
