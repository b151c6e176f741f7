#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "engine/io/checkpoint.h"
#include "native/formats/metrics_csv.h"
#include "native/recipes/recipe.h"
#include "native/training/run_folder.h"
#include "native/training/run_length.h"
#include "tests/native/train_case.h"
#include "tests/support/contains.h"
#include "tests/support/errors.h"

namespace pumice {
namespace {

using test::contains;
using test::content_of;
using test::ProgramResult;
using test::TemporaryFolder;
using Texts = test::Program::Texts;

/// A run of two epochs that take a second or more each, and one whose 0.6 seconds are used before.
class TrainMinutes : public test::TrainCase {
 protected:
  TrainMinutes() { make_slow(); }

  ProgramResult train(const std::string& run, Texts more) const {
    more.insert(more.begin(), {"--batch", "4"});
    return TrainCase::train(run, more);
  }
  RunLength length(const std::string& run) const {
    return read_run_length(folder_ / run / "length.json").value();
  }
};

TEST_F(TrainMinutes, EndsWithAllThatAScheduleLeaves) {
  const ProgramResult result = train("short", {"--minutes", "0.01"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "done, short of its schedule: 0.01 minutes are used after "));
  EXPECT_TRUE(contains(result.out, " of 2 epochs"));
  const RunLength length = this->length("short");
  EXPECT_EQ(length.end, RunEnd::kBudget);
  EXPECT_GE(length.seconds, 0.3) << "at least half is training, even if a test takes longer";
  EXPECT_LT(length.epochs(), 2);
  const io::TrainingRecord record = record_of(checkpoint_of("short"));
  EXPECT_EQ(record.step, length.step);
  EXPECT_EQ(record.epoch, length.step / 1024);
  EXPECT_TRUE(contains(content("short/metrics.jsonl"), "\"planned_epochs\":2"));
  const size_t rows = formats::read_metrics(folder_ / "short/metrics.csv").rows.size();
  EXPECT_EQ(rows, (length.step + 1023) / 1024);
  ASSERT_EQ(record.metrics.size(), rows);
  EXPECT_GT(value_of(record.metrics.back().test, "loss"), 0);
  for (const std::string& file :
       {fmt::format("samples/epoch-{:04}.png", rows), std::string("interpolation.png"),
        std::string("latents.png"), std::string("report.html")}) {
    EXPECT_GT(content("short/" + file).size(), 100u) << file;
  }
}

TEST_F(TrainMinutes, ChangeNothingThatIsTrained) {
  ASSERT_EQ(train("short", {"--minutes", "0.01"}).exit_code, 0);
  ASSERT_LT(length("short").epochs(), 2);
  const ProgramResult refused = resume("short");
  EXPECT_EQ(refused.exit_code, 1);
  EXPECT_EQ(refused.err, "pumice: " + (folder_ / "short").string() +
                             ": the run's 0.01 minutes are used; to train longer, add --minutes M "
                             "(in all; 0: no limit)\n");
  const double before = length("short").seconds;
  ASSERT_EQ(resume("short", {"--minutes", fmt::to_string(before / 60 + 0.01)}).exit_code, 0);
  if (length("short").end == RunEnd::kBudget) {
    EXPECT_GT(length("short").seconds, before);
  }
  // A fast machine may have completed both epochs by now.
  ASSERT_EQ(resume("short", {"--minutes", "0", "--epochs", "3"}).exit_code, 0);
  ASSERT_EQ(train("whole", {"--epochs", "3"}).exit_code, 0);
  EXPECT_EQ(length("short").end, RunEnd::kSchedule);
  // Without printing them, megabytes that differ.
  EXPECT_TRUE(checkpoint("short") == checkpoint("whole"));
  EXPECT_EQ(content("short/steps.csv"), content("whole/steps.csv"));
  EXPECT_TRUE(content("short/samples/epoch-0003.png") == content("whole/samples/epoch-0003.png"));
  EXPECT_EQ(formats::read_metrics(folder_ / "short/metrics.csv").rows.size(), 3u);
}

TEST_F(TrainMinutes, AreAKeyOfTheRecipe) {
  const ProgramResult result = train("short", {"--set", "train.minutes=0.01", "--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.out, "\"ended_by\":\"budget\""));
  EXPECT_EQ(load_recipe(folder_ / "short/recipe.toml").train.minutes, 0.01);
  EXPECT_TRUE(contains(content("short/report.html"), "\"end\":\"budget\""));
  EXPECT_FALSE(contains(to_toml(load_recipe("vae-mlp-mnist")), "minutes"));
}

TEST(RunLength, SaysWhetherABudgetIsUsed) {
  RunLength length{.minutes = 2, .seconds = 118, .end = RunEnd::kBudget};
  EXPECT_TRUE(is_budget_used(length, 2)) << "it ended by it, in time for its test";
  EXPECT_TRUE(is_budget_used(length, 1));
  EXPECT_FALSE(is_budget_used(length, 2.5));
  EXPECT_FALSE(is_budget_used(length, 0)) << "no limit";
  length.end = RunEnd::kStopped;
  EXPECT_FALSE(is_budget_used(length, 2));
  length.seconds = 121;
  EXPECT_TRUE(is_budget_used(length, 2));
}

TEST(RunLength, IsWrittenAndRead) {
  const TemporaryFolder folder;
  const std::filesystem::path file = folder / "length.json";
  EXPECT_FALSE(read_run_length(file));
  write_run_length(file, {.step = 5,
                          .steps_per_epoch = 4,
                          .planned_epochs = 3,
                          .minutes = 2,
                          .seconds = 61.5,
                          .end = RunEnd::kBudget});
  const RunLength length = read_run_length(file).value();
  EXPECT_EQ(length.epochs(), 1.25);
  EXPECT_EQ(length.planned_epochs, 3u);
  EXPECT_EQ(length.minutes, 2);
  EXPECT_EQ(length.seconds, 61.5);
  EXPECT_EQ(length.end, RunEnd::kBudget);
  EXPECT_EQ(epochs_text(1.25), "1.25");
  EXPECT_EQ(epochs_text(3), "3");
  folder.file("length.json", "{\"step\": 1");
  EXPECT_THROW(read_run_length(file), DamagedLength);
  EXPECT_TRUE(contains(test::error_of([&] { read_run_length(file); }), "found a damaged file"));
}

// As a power failure leaves it.
TEST(RunLength, HasWholeNumbers) {
  const test::TemporaryFolder folder;
  for (const char* step : {"-5", "1e300", "1.5", "4294967296"}) {
    const std::string file = folder.file(
        "length.json", fmt::format(R"({{"step": {}, "steps_per_epoch": 1, "planned_epochs": 2, )"
                                   R"("minutes": 0, "seconds": 1, "end": "budget"}})",
                                   step));
    EXPECT_THROW(read_run_length(file), DamagedLength) << step;
  }
}

TEST(RunLength, IsTakenFromTheMetricsIfItIsDamaged) {
  const TemporaryFolder folder;
  const RunFolder run(folder.path());
  std::string note;
  EXPECT_EQ(seconds_trained(run, note), 0);
  EXPECT_EQ(note, "");
  folder.file("metrics.csv", "epoch,seconds\n1,20\n2,nan\n3,21.5\n4,\n");
  for (const std::string& content : {std::string(), std::string(99, '\0'), std::string("{\"st")}) {
    folder.file("length.json", content);
    EXPECT_EQ(seconds_trained(run, note), 41.5);
    EXPECT_EQ(note, run.length().string() +
                        ": expected the length of a run as training writes it, found a damaged "
                        "file; taking the run's time from metrics.csv: 42 s");
  }
}

}  // namespace
}  // namespace pumice
