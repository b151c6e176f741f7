// The checkpoints of a run: when they are saved, which are kept, and what a damaged one costs.
#include <gtest/gtest.h>
#include <signal.h>

#include <chrono>
#include <cmath>
#include <nlohmann/json.hpp>
#include <thread>

#include "engine/io/checkpoint.h"
#include "native/formats/metrics_csv.h"
#include "native/formats/metrics_lines.h"
#include "native/training/checkpoint_files.h"
#include "tests/native/train_case.h"
#include "tests/support/contains.h"
#include "tests/support/errors.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;
using test::contains;
using test::content_of;
using test::ProgramResult;
using Texts = test::Program::Texts;

class TrainCheckpoints : public test::TrainCase {
 protected:
  fs::path newest(const std::string& run) const { return checkpoint_of(run); }
  fs::path earlier(const std::string& run, uint32_t age = 1) const {
    return RunFolder(folder_ / run).earlier_checkpoint(age);
  }
  static void damage(const fs::path& file) {
    std::string bytes = content_of(file);
    bytes.back() ^= 1;
    std::ofstream(file, std::ios::binary) << bytes;
  }
};

/// Runs with two epochs of a second or more.
class SavesWithinEpochs : public TrainCheckpoints {
 protected:
  SavesWithinEpochs() { make_slow(); }
  static Texts often() { return {"--batch", "4", "--set", "train.checkpoint_minutes=0.001"}; }

  /// Kills a run when it has saved within an epoch, and returns the step that it saved last.
  uint32_t kill_within_epoch(const std::string& run) const {
    test::Program program(train_arguments(run, often()));
    for (uint32_t step = 0; step % 1024 == 0;) {
      std::this_thread::sleep_for(std::chrono::milliseconds(10));
      if (fs::exists(newest(run))) step = record_of(newest(run)).step;
    }
    program.send(SIGKILL);
    program.wait();
    return record_of(newest(run)).step;
  }
};

TEST_F(SavesWithinEpochs, SoThatAKilledRunResumesExactly) {
  const uint32_t step = kill_within_epoch("killed");
  EXPECT_GT(step, 0u);
  ASSERT_EQ(resume("killed").exit_code, 0);
  ASSERT_EQ(train("whole", often()).exit_code, 0);
  EXPECT_EQ(checkpoint("killed"), checkpoint("whole"));
  EXPECT_EQ(content("killed/steps.csv"), content("whole/steps.csv"));
  EXPECT_EQ(content("killed/samples/epoch-0002.png"), content("whole/samples/epoch-0002.png"));
  EXPECT_EQ(formats::read_metrics(folder_ / "killed/metrics.csv").rows.size(), 2u);
  EXPECT_EQ(formats::read_metrics_lines(folder_ / "killed/metrics.jsonl").size(), 2u);
}

TEST_F(SavesWithinEpochs, WithoutChangingWhatIsTrained) {
  ASSERT_EQ(train("often", often()).exit_code, 0);
  ASSERT_EQ(train("seldom", {"--batch", "4", "--set", "train.checkpoint_minutes=0"}).exit_code, 0);
  EXPECT_NE(record_of(earlier("often")).step % 1024, 0u);
  EXPECT_EQ(record_of(earlier("seldom")).step, 1024u);
  const io::Safetensors often = io::Safetensors::read(newest("often"));
  const io::Safetensors seldom = io::Safetensors::read(newest("seldom"));
  ASSERT_EQ(often.tensors().size(), seldom.tensors().size());
  for (const io::NamedTensor& tensor : often.tensors()) {
    EXPECT_TRUE(std::ranges::equal(tensor.bytes, seldom.tensor(tensor.name).bytes)) << tensor.name;
  }
  EXPECT_EQ(often.metadata("figures"), seldom.metadata("figures"));
  EXPECT_EQ(content("often/steps.csv"), content("seldom/steps.csv"));
}

TEST_F(TrainCheckpoints, KeepsTheLastOnes) {
  ASSERT_EQ(train("two", {"--epochs", "4"}).exit_code, 0);
  EXPECT_EQ(record_of(newest("two")).epoch, 4u);
  EXPECT_EQ(record_of(earlier("two")).epoch, 3u);
  EXPECT_FALSE(fs::exists(earlier("two", 2)));
  ASSERT_EQ(train("four", {"--epochs", "5", "--set", "train.keep_checkpoints=4"}).exit_code, 0);
  for (uint32_t age : {1, 2, 3}) EXPECT_EQ(record_of(earlier("four", age)).epoch, 5 - age);
  EXPECT_FALSE(fs::exists(earlier("four", 4)));
  ASSERT_EQ(train("all", {"--epochs", "4", "--set", "train.keep_checkpoints=4294967295"}).exit_code,
            0);
  for (uint32_t age : {1, 2, 3}) EXPECT_EQ(record_of(earlier("all", age)).epoch, 4 - age);
  ASSERT_EQ(train("one", {"--set", "train.keep_checkpoints=1"}).exit_code, 0);
  EXPECT_FALSE(fs::exists(earlier("one")));
  ASSERT_EQ(train("four", {"--epochs", "1", "--force"}).exit_code, 0);
  EXPECT_FALSE(fs::exists(earlier("four")));
  const ProgramResult refused = train("none", {"--set", "train.keep_checkpoints=0"});
  EXPECT_TRUE(contains(refused.err, "keep_checkpoints")) << refused.err;
  EXPECT_TRUE(contains(refused.err, "expected a whole number >= 1, got 0")) << refused.err;
}

TEST_F(TrainCheckpoints, ResumesFromTheOneBefore) {
  ASSERT_EQ(train("whole", {"--epochs", "4"}).exit_code, 0);
  for (bool is_missing : {false, true}) {
    ASSERT_EQ(train("run", {"--epochs", "3", "--force"}).exit_code, 0);
    if (is_missing) {
      fs::remove(newest("run"));
    } else {
      damage(newest("run"));
    }
    const ProgramResult resumed = resume("run", {"--epochs", "4"});
    ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
    EXPECT_TRUE(resumed.err.starts_with("pumice: " + newest("run").string() + ": " +
                                        (is_missing ? "cannot open" : "damaged: its checksum is")));
    EXPECT_TRUE(resumed.err.ends_with("; resuming from the checkpoint before, " +
                                      earlier("run").string() + ", of step 8\n"))
        << resumed.err;
    EXPECT_EQ(checkpoint("run"), checkpoint("whole"));
    EXPECT_EQ(content("run/steps.csv"), content("whole/steps.csv"));
    EXPECT_EQ(formats::read_metrics(folder_ / "run/metrics.csv").rows.size(), 4u);
    EXPECT_EQ(record_of(earlier("run")).epoch, 3u);
  }
}

TEST_F(TrainCheckpoints, ResumesWhereverTheNewestIsCutOff) {
  for (uintmax_t bytes : {0, 7, 9, 20, 100, 200, 3000}) {
    ASSERT_EQ(train("run", {"--epochs", "2", "--force"}).exit_code, 0);
    fs::resize_file(newest("run"), bytes);
    const ProgramResult resumed = resume("run", {"--epochs", "3"});
    EXPECT_EQ(resumed.exit_code, 0) << bytes << " bytes: " << resumed.err;
    EXPECT_EQ(record_of(newest("run")).epoch, 3u);
  }
}

TEST_F(TrainCheckpoints, ResumeBesideFilesThatAPowerFailureMadeBlank) {
  ASSERT_EQ(train("run", {"--epochs", "2"}).exit_code, 0);
  for (const char* file : {"report.html", "recipe.toml", "interpolation.png"}) {
    const auto size = fs::file_size(folder_ / "run" / file);
    folder_.file(std::string("run/") + file, std::string(size, '\0'));
  }
  const ProgramResult resumed = resume("run", {"--epochs", "3"});
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_TRUE(content("run/recipe.toml").starts_with("name = "));
}

TEST_F(TrainCheckpoints, OutweighOtherFilesOfTheRun) {
  ASSERT_EQ(train("whole", {"--epochs", "3"}).exit_code, 0);
  const std::string begin = "pumice: " + (folder_ / "run").string() + "/";
  for (int kind : {0, 1, 2}) {  // empty, blank, cut
    ASSERT_EQ(train("run", {"--epochs", "2", "--force"}).exit_code, 0);
    for (const std::string file : {"metrics.csv", "steps.csv", "metrics.jsonl", "length.json"}) {
      const std::string good = content("run/" + file);
      const std::string damaged[]{"", std::string(good.size(), '\0'), good.substr(0, 8)};
      folder_.file("run/" + file, damaged[kind]);
    }
    const ProgramResult resumed = resume("run", {"--epochs", "3"});
    ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
    EXPECT_EQ(resumed.err,
              begin + "length.json: expected the length of a run as training writes it, found a " +
                  "damaged file; taking the run's time from metrics.csv: 0 s\n" + begin +
                  "metrics.csv: its header is damaged; 2 of 2 rows were lost (epochs 1 to 2): " +
                  "they come from the checkpoint now, without times\n" + begin +
                  "steps.csv: its header is damaged; 8 of 8 rows were lost (steps 1 to 8): they " +
                  "are nan now\n" + begin + "metrics.jsonl: rows are missing; 2 of 2 rows were " +
                  "lost (epochs 1 to 2): they come from the checkpoint now, without times\n");
    EXPECT_EQ(checkpoint("run"), checkpoint("whole"));
    EXPECT_EQ(formats::read_metrics(folder_ / "run/metrics.csv").rows.size(), 3u);
    EXPECT_EQ(formats::read_metrics(folder_ / "run/steps.csv").rows.size(), 12u);
    EXPECT_EQ(formats::read_metrics_lines(folder_ / "run/metrics.jsonl").size(), 3u);
    EXPECT_EQ(resume("run", {"--epochs", "4"}).err, "");  // mended
  }
}

TEST_F(TrainCheckpoints, RestoreTheMetricsOfEpochs) {
  ASSERT_EQ(train("run", {"--epochs", "3"}).exit_code, 0);
  const fs::path file = folder_ / "run/metrics.csv";
  const formats::MetricsTable before = formats::read_metrics(file);
  fs::resize_file(file, 0);
  ASSERT_EQ(resume("run", {"--epochs", "4"}).exit_code, 0);
  const formats::MetricsTable after = formats::read_metrics(file);
  ASSERT_EQ(after.columns, before.columns);
  for (size_t row = 0; row < 3; ++row) {
    for (size_t i = 0; i < before.columns.size(); ++i) {
      const bool is_time = i + 2 >= before.columns.size();
      EXPECT_TRUE(is_time ? std::isnan(after.rows[row][i])
                          : after.rows[row][i] == before.rows[row][i])
          << before.columns[i];
    }
  }
}

TEST_F(TrainCheckpoints, ComeEverySoManySteps) {
  const Texts options{"--epochs", "2", "--set", "train.keep_checkpoints=9", "--set"};
  Texts often = options, seldom = options;
  often.emplace_back("train.checkpoint_steps=3");
  seldom.emplace_back("train.checkpoint_steps=0");
  ASSERT_EQ(train("often", often).exit_code, 0);
  ASSERT_EQ(train("seldom", seldom).exit_code, 0);
  std::vector<uint32_t> steps{record_of(newest("often")).step};
  for (uint32_t age = 1; fs::exists(earlier("often", age)); ++age) {
    steps.push_back(record_of(earlier("often", age)).step);
  }
  EXPECT_EQ(steps, (std::vector<uint32_t>{8, 6, 4, 3}));  // an epoch has 4 steps
  EXPECT_EQ(content("often/steps.csv"), content("seldom/steps.csv"));
  fs::rename(earlier("often", 3), newest("often"));  // resumes within the first epoch
  ASSERT_EQ(resume("often").exit_code, 0);
  EXPECT_EQ(content("often/steps.csv"), content("seldom/steps.csv"));
  EXPECT_TRUE(contains(train("none", {"--set", "train.checkpoint_steps=-1"}).err,
                       "expected a whole number >= 0, got -1"));
}

TEST_F(TrainCheckpoints, AreKeptAndNamedWhenNumbersAreNotFinite) {
  const ProgramResult result =
      train("run", {"--set", "optimizer.learning_rate=1e9", "--set", "train.checkpoint_steps=1"});
  EXPECT_EQ(result.exit_code, 1);
  const uint32_t step = record_of(newest("run")).step;
  EXPECT_TRUE(contains(result.err, fmt::format("training stopped at step {}: the ", step + 1)));
  EXPECT_TRUE(result.err.ends_with(
      fmt::format("; the last checkpoint, of step {}, is {}\n", step, newest("run").string())))
      << result.err;
}

TEST_F(TrainCheckpoints, NeedsOneThatIsIntact) {
  ASSERT_EQ(train("run").exit_code, 0);
  for (const fs::path& file : {newest("run"), earlier("run")}) damage(file);
  const std::string before = content_of(newest("run"));
  const ProgramResult resumed = resume("run", {"--epochs", "4"});
  EXPECT_EQ(resumed.exit_code, 1);
  EXPECT_TRUE(resumed.err.starts_with("pumice: " + newest("run").string() + ": damaged: "));
  EXPECT_TRUE(contains(resumed.err, "; " + earlier("run").string() + ": damaged: "));
  EXPECT_EQ(std::ranges::count(resumed.err, '\n'), 1) << resumed.err;
  EXPECT_EQ(content_of(newest("run")), before);
}

TEST_F(TrainCheckpoints, AreRefusedByOtherCommandsWhenDamaged) {
  ASSERT_EQ(train("run").exit_code, 0);
  damage(newest("run"));
  const std::string run = folder_ / "run", out = folder_ / "out.png";
  const std::string end = "; the checkpoint before is intact: " + earlier("run").string() + "\n";
  for (const Texts& command :
       {Texts{"sample", run, "--out", out}, Texts{"sample", newest("run"), "--out", out},
        Texts{"reconstruct", run, "--out", out, "--data", data_.path()},
        Texts{"evaluate", run, "--data", data_.path()},
        Texts{"export", run, "--web", "--out", folder_ / "e.safetensors"}}) {
    const ProgramResult result = test::run_program(command);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_TRUE(result.err.starts_with("pumice: " + newest("run").string() + ": damaged: "));
    EXPECT_TRUE(result.err.ends_with(end)) << result.err;
  }
  EXPECT_EQ(test::run_program({"sample", earlier("run"), "--out", out}).exit_code, 0);
  fs::remove(newest("run"));
  EXPECT_EQ(test::run_program({"sample", run, "--out", out}).err,
            "pumice: " + run + ": expected the folder of a run, found no checkpoint.safetensors; " +
                "an earlier one is " + earlier("run").string() + "\n");
}

// As a process leaves the folder that is killed between two system calls of a save.
TEST_F(TrainCheckpoints, SurviveASaveThatWasCutShort) {
  ASSERT_EQ(train("whole", {"--epochs", "4", "--set", "train.keep_checkpoints=3"}).exit_code, 0);
  const Texts options{"--epochs", "3", "--force", "--set", "train.keep_checkpoints=3"};
  for (int place : {0, 1, 2, 3}) {
    ASSERT_EQ(train("run", options).exit_code, 0);
    if (place > 0) fs::rename(earlier("run"), earlier("run", 2));
    const fs::path temporary = folder_ / "run/.checkpoint-previous-1.safetensors.1-0.tmp";
    if (place > 1) fs::create_hard_link(newest("run"), temporary);
    if (place > 2) fs::rename(temporary, earlier("run"));
    folder_.file("run/.checkpoint.safetensors.1-0.tmp", "half of a file");
    const ProgramResult resumed = resume("run", {"--epochs", "4"});
    ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
    EXPECT_EQ(resumed.err, "");
    EXPECT_EQ(checkpoint("run"), checkpoint("whole"));
    EXPECT_EQ(record_of(earlier("run")).epoch, 3u);
    EXPECT_FALSE(fs::exists(temporary));
    EXPECT_FALSE(fs::exists(folder_ / "run/.checkpoint.safetensors.1-0.tmp"));
  }
}

}  // namespace
}  // namespace pumice
