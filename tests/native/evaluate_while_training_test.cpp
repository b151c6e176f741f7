#include <gtest/gtest.h>

#include "engine/io/checkpoint.h"
#include "native/formats/metrics_csv.h"
#include "native/observers/observers.h"
#include "tests/native/evaluate_case.h"

namespace pumice {
namespace {

using nlohmann::json;
using test::contains;
using test::content_of;
using test::EvaluateCommand;
using test::ProgramResult;
using Texts = test::Program::Texts;

/// Training with [evaluate].
class EvaluateWhileTraining : public EvaluateCommand {
 protected:
  ProgramResult train_measured(const std::string& name, const Texts& more = {}) const {
    Texts arguments{"--set", "evaluate.every=2",
                    "--set", "evaluate.samples=40",
                    "--set", "evaluate.extractor=" + classifier_};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return train(name, test::kTinyRecipe, arguments);
  }
};

TEST_F(EvaluateWhileTraining, NotesFidEveryFewEpochs) {
  const ProgramResult result = train_measured("run", {"--epochs", "4"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(result.err, "FID every 2 epochs: 40 samples, 20 test images, "));
  EXPECT_TRUE(contains(result.out, "test fid "));
  EXPECT_FALSE(contains(result.out, "nan"));
  const std::filesystem::path run = folder_ / "run";
  EXPECT_GT(content_of(run / "curves/fid.svg").size(), 100u);
  EXPECT_TRUE(contains(content_of(run / "report.html"),
                       "\"evaluations\":[\"40 samples, 20 test images, tiny-classifier (16 "));
  const formats::MetricsTable metrics = formats::read_metrics(run / "metrics.csv");
  const auto fid = std::find(metrics.columns.begin(), metrics.columns.end(), "test_fid") -
                   metrics.columns.begin();
  ASSERT_LT(static_cast<size_t>(fid) + 1, metrics.columns.size());
  EXPECT_EQ(metrics.columns[fid + 1], "test_inception_score");
  ASSERT_EQ(metrics.rows.size(), 4u);
  EXPECT_TRUE(std::isnan(metrics.rows[0][fid]));
  EXPECT_TRUE(std::isnan(metrics.rows[2][fid]));
  EXPECT_GT(metrics.rows[1][fid], 0);
  ASSERT_TRUE(metrics.names_extractor);
  for (const std::string& hash : metrics.extractors) {
    EXPECT_EQ(hash.size(), 16u);
    EXPECT_TRUE(contains(result.err, "hash " + hash));
  }
  const io::TrainingRecord record = io::Checkpoint::read(run / "checkpoint.safetensors").training();
  EXPECT_TRUE(std::isnan(value_of(record.metrics[0].test, "fid")));
  EXPECT_NEAR(value_of(record.metrics[3].test, "fid"), metrics.rows[3][fid],
              1e-6 * metrics.rows[3][fid]);
  EXPECT_GE(value_of(record.metrics[3].test, "inception_score"), 1);
}

TEST_F(EvaluateWhileTraining, IsInTheTablesOfASweepThatEndsBetween) {
  folder_.file("tiny.toml", test::kTinyRecipe);
  const std::string sweep =
      folder_.file("sweep.toml",
                   "name = \"s\"\nrecipe = \"./tiny.toml\"\n[set]\nevaluate.every = 2\n"
                   "evaluate.samples = 40\nevaluate.extractor = \"" +
                       classifier_ + "\"\n[grid]\nlatent.size = [2]\n");
  const std::string out = folder_ / "out";
  const ProgramResult result =
      run({"sweep", sweep, "--data", data_.path(), "--epochs", "3", "--out", out});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(contains(content_of(out + "/table.csv"), ",test_fid,test_inception_score"));
  EXPECT_FALSE(contains(content_of(out + "/table.csv"), "nan"));
  EXPECT_FALSE(contains(result.out, "nan"));
  EXPECT_TRUE(contains(result.out, " (epoch 2)"));
}

TEST_F(EvaluateWhileTraining, ResumesExactly) {
  ASSERT_EQ(train_measured("run", {"--epochs", "3", "--json"}).exit_code, 0);
  const ProgramResult resumed = run(
      {"train", "--resume", folder_ / "run", "--data", data_.path(), "--epochs", "4", "--json"});
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_TRUE(contains(resumed.out, "\"fid\":"));
  ASSERT_EQ(train_measured("whole", {"--epochs", "4"}).exit_code, 0);
  EXPECT_EQ(content_of(folder_ / "run/checkpoint.safetensors"),
            content_of(folder_ / "whole/checkpoint.safetensors"));
  EXPECT_EQ(formats::read_metrics(folder_ / "run/metrics.csv").rows.size(), 4u);
}

TEST_F(EvaluateWhileTraining, CountsTheMemoryOfTheExtractor) {
  const auto memory = [&](const Texts& changes) {
    Texts all{"evaluate.samples=40", "evaluate.extractor=" + classifier_};
    all.insert(all.end(), changes.begin(), changes.end());
    const Recipe recipe = parse_recipe(test::kTinyRecipe, "tiny.toml", all);
    const auto quiet = [](const std::string& /*text*/) {};
    const TrainingData data = load_training_data(recipe, data_.path(), quiet);
    return observers::evaluation_memory({}, recipe, data.test, data_.path());
  };
  constexpr uint64_t kWeights = sizeof(float) * 28 * 28 * 16;
  EXPECT_GT(memory({"evaluate.every=2"}), kWeights);
  EXPECT_EQ(memory({"evaluate.every=0"}), 0u);
  EXPECT_EQ(memory({"evaluate.every=3"}), 0u);  // of two epochs
}

TEST_F(EvaluateWhileTraining, RefusesTooFewSamplesBeforeAnyWork) {
  const ProgramResult result = train_measured("run", {"--set", "evaluate.samples=16"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(
      contains(result.err, "16 samples (evaluate.samples) are too few for the 16 features"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "run"));
}

}  // namespace
}  // namespace pumice
