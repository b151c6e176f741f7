#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <cmath>
#include <nlohmann/json.hpp>
#include <set>

#include "engine/io/checkpoint.h"
#include "tests/native/train_case.h"
#include "tests/support/contains.h"
#include "tests/support/program.h"
#include "tests/support/tiny_mnist.h"

namespace pumice {
namespace {

using test::contains;
using test::content_of;
using test::ProgramResult;
using Texts = test::Program::Texts;

class TrainSeeds : public test::TrainCase {
 protected:
  ProgramResult train(const Texts& more) const {
    Texts all{"train", "--data", data_.path()};
    all.insert(all.end(), more.begin(), more.end());
    return test::run_program(all);
  }
  /// The runs of these seeds in the folder "seeds".
  ProgramResult seeds(const std::string& list, const Texts& more = {}) const {
    Texts all{recipe_, "--seeds", list, "--out", folder_ / "seeds"};
    all.insert(all.end(), more.begin(), more.end());
    return train(all);
  }
  std::string seed(int number) const { return folder_ / "seeds" / fmt::format("seed-{}", number); }
  /// The same run alone, in the folder "alone-SEED".
  std::filesystem::path alone(int number, const Texts& more = {}) const {
    std::filesystem::path out = folder_ / fmt::format("alone-{}", number);
    if (std::filesystem::exists(out)) return out;
    Texts all{recipe_, "--seed", std::to_string(number), "--out", out};
    all.insert(all.end(), more.begin(), more.end());
    EXPECT_EQ(train(all).exit_code, 0);
    return out;
  }
  void expect_same_run(const std::filesystem::path& run, const std::filesystem::path& other) const {
    EXPECT_EQ(content_of(run / "checkpoint.safetensors"),
              content_of(other / "checkpoint.safetensors"));
    for (const char* name : {"recipe.toml", "steps.csv", "samples/epoch-0002.png"}) {
      EXPECT_EQ(content_of(run / name), content_of(other / name)) << name;
    }
    EXPECT_EQ(files_of(run), files_of(other));
  }
  static std::set<std::string> files_of(const std::filesystem::path& folder) {
    std::set<std::string> files;
    for (const auto& entry : std::filesystem::recursive_directory_iterator(folder)) {
      const std::string name = entry.path().filename();
      const bool is_numbered = name.starts_with("events.out");  // by time and process
      files.insert(is_numbered ? "events" : entry.path().lexically_relative(folder).string());
    }
    return files;
  }
};

TEST_F(TrainSeeds, GiveTheRunsThatEachGivesAlone) {
  const ProgramResult result = seeds("1,2,3");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(result.err.starts_with("pumice: 3 runs together (")) << result.err;
  for (int number : {1, 2, 3}) expect_same_run(seed(number), alone(number));
  EXPECT_NE(content_of(seed(1) + "/checkpoint.safetensors"),
            content_of(seed(2) + "/checkpoint.safetensors"));
}

TEST_F(TrainSeeds, GiveTheSameForAGan) {
  recipe_ = folder_.file("gan.toml", test::kTinyGan);
  const ProgramResult result = seeds("5,6");
  ASSERT_EQ(result.exit_code, 0) << result.err;
  for (int number : {5, 6}) expect_same_run(seed(number), alone(number));
}

TEST_F(TrainSeeds, EndWithMeanAndDeviation) {
  const ProgramResult result = seeds("1,2,3", {"--json"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  std::vector<double> losses;
  double mean = 0, squares = 0;
  for (int number : {1, 2, 3}) {
    const auto record = io::Checkpoint::read(seed(number) + "/checkpoint.safetensors").training();
    losses.push_back(value_of(record.metrics.back().test, "loss"));
    mean += losses.back() / 3;
  }
  for (double loss : losses) squares += (loss - mean) * (loss - mean);
  const std::string csv = content_of(folder_ / "seeds" / "seeds.csv");
  EXPECT_TRUE(csv.starts_with("seed,run,epochs,test loss,test reconstruction,test kl\n")) << csv;
  EXPECT_TRUE(contains(csv, fmt::format("2,{},2,{:.9g},", seed(2), losses[1]))) << csv;
  EXPECT_TRUE(contains(csv, fmt::format("\nmean,,,{:.9g},", mean))) << csv;
  EXPECT_TRUE(contains(csv, fmt::format("\ndeviation,,,{:.9g},", std::sqrt(squares / 2)))) << csv;
  std::istringstream lines(result.out);
  nlohmann::json last;
  for (std::string line; std::getline(lines, line);) last = nlohmann::json::parse(line);
  EXPECT_EQ(last["event"], "seeds");
  EXPECT_EQ(last["runs"][2]["test"]["loss"], losses[2]);

  const ProgramResult text = seeds("1,2,3", {"--force"});
  EXPECT_TRUE(contains(text.out, fmt::format("{:.5g} ± {:.2g}", mean, std::sqrt(squares / 2))))
      << text.out;
  EXPECT_TRUE(contains(text.out, "epoch 2/2")) << text.out;
}

TEST_F(TrainSeeds, TrainAsManyTogetherAsWanted) {
  const ProgramResult result = seeds("1,2,3", {"--together", "2"});
  ASSERT_EQ(result.exit_code, 0) << result.err;
  EXPECT_TRUE(result.err.starts_with("pumice: 3 runs, 2 at a time (")) << result.err;
  for (int number : {1, 3}) expect_same_run(seed(number), alone(number));
}

TEST_F(TrainSeeds, ResumeExactlyAfterCtrlC) {
  test::write_tiny_mnist(data_, 2048, 20);  // long enough to be interrupted mid-epoch
  folder_.file("tiny.toml", test::slow_recipe());
  test::Program program({"train", recipe_, "--data", data_.path(), "--seeds", "1,2,3,4", "--out",
                         folder_ / "seeds", "--batch", "4", "--together", "3", "--json"});
  ASSERT_TRUE(program.wait_for_output("\"start\""));
  program.send(SIGINT);
  const ProgramResult stopped = program.wait();
  EXPECT_EQ(stopped.exit_code, 130) << stopped.err;
  const std::string out = folder_ / "seeds";
  EXPECT_TRUE(contains(stopped.out, "\"resume\":\"pumice train --resume " + out + " --data"))
      << stopped.out;
  EXPECT_TRUE(contains(stopped.out, "\"not_begun\":[\"" + seed(4) + "\"]")) << stopped.out;

  ASSERT_EQ(train({"--resume", seed(3)}).exit_code, 0);
  const ProgramResult resumed = train({"--resume", seed(1), seed(2), seed(3)});
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_TRUE(contains(resumed.err, seed(3) + "/checkpoint.safetensors: the run is complete"));
  EXPECT_TRUE(contains(resumed.out, "mean ± sd")) << resumed.out;
  EXPECT_TRUE(contains(content_of(folder_ / "seeds" / "seeds.csv"), "\n3," + seed(3)));
  ASSERT_EQ(train({"--resume", out}).exit_code, 0);
  for (int number : {1, 2, 3, 4}) expect_same_run(seed(number), alone(number, {"--batch", "4"}));
}

TEST_F(TrainSeeds, GiveTheSameWithShards) {
  const Texts shards{"--set", "train.shards=4"};
  ASSERT_EQ(seeds("1,2", shards).exit_code, 0);
  for (int number : {1, 2}) expect_same_run(seed(number), alone(number, shards));
  const ProgramResult odd =
      train({recipe_, "--batch", "6", "--set", "train.shards=4", "--out", folder_ / "odd"});
  EXPECT_EQ(odd.exit_code, 1);
  EXPECT_EQ(odd.err, "pumice: vae: expected a batch that 4 shards divide, got 6 images\n");
  EXPECT_FALSE(std::filesystem::exists(folder_ / "odd"));
}

// One run is complete, one has begun, the others have not.
TEST_F(TrainSeeds, ContinueByTheirFolderAfterAKill) {
  test::write_tiny_mnist(data_, 512, 20);
  folder_.file("tiny.toml", test::slow_recipe());
  const std::filesystem::path out = folder_ / "seeds", whole = folder_ / "whole";
  const Texts options{recipe_,      "--seeds", "1,2,3,4",
                      "--together", "1",       "--batch",
                      "4",          "--set",   "train.checkpoint_steps=8"};
  Texts undisturbed = options, killed = options;
  undisturbed.insert(undisturbed.end(), {"--out", whole});
  ASSERT_EQ(train(undisturbed).exit_code, 0);
  killed.insert(killed.begin(), {"train", "--data", data_.path()});
  killed.insert(killed.end(), {"--out", out, "--json"});
  test::Program program(killed);
  ASSERT_TRUE(program.wait_for_output("\"run\":\"" + seed(2)));
  while (!std::filesystem::exists(seed(2) + "/checkpoint.safetensors")) usleep(200);
  program.send(SIGKILL);
  EXPECT_EQ(program.wait().exit_code, 128 + SIGKILL);
  EXPECT_FALSE(std::filesystem::exists(out / "seed-3" / "checkpoint.safetensors"));

  const auto expect_same = [&] {
    for (int number : {1, 2, 3, 4}) {
      expect_same_run(seed(number), whole / fmt::format("seed-{}", number));
    }
    std::string table = content_of(whole / "seeds.csv");
    for (size_t at = 0; (at = table.find(whole.string(), at)) != table.npos;) {
      table.replace(at, whole.string().size(), out.string());
    }
    EXPECT_EQ(content_of(out / "seeds.csv"), table);
  };
  const ProgramResult resumed = train({"--resume", out});
  ASSERT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_TRUE(contains(resumed.err, "pumice: 3 runs, one after another (")) << resumed.err;
  EXPECT_TRUE(contains(resumed.out, "mean ± sd")) << resumed.out;
  expect_same();

  for (const std::filesystem::path& folder : {out, whole}) {
    const ProgramResult longer = train({"--resume", folder, "--epochs", "3", "--together", "3"});
    ASSERT_EQ(longer.exit_code, 0) << longer.err;
    EXPECT_TRUE(contains(longer.err, "pumice: 4 runs, 3 at a time (")) << longer.err;
  }
  expect_same();
  const ProgramResult complete = train({"--resume", out});
  EXPECT_EQ(complete.exit_code, 0);
  EXPECT_EQ(complete.err, "pumice: " + out.string() +
                              ": all 4 runs are complete; to train longer, add --epochs N\n");
  EXPECT_TRUE(contains(complete.out, "mean ± sd")) << complete.out;
}

TEST_F(TrainSeeds, AreAddedToThoseOfTheSameRecipe) {
  const std::filesystem::path out = folder_ / "seeds";
  ASSERT_EQ(seeds("1,2").exit_code, 0);
  ASSERT_EQ(seeds("7").exit_code, 0);
  const ProgramResult again = seeds("7,2");
  EXPECT_EQ(again.exit_code, 1);
  EXPECT_EQ(again.err, "pumice: " + out.string() +
                           " already holds the run with seed 7; resume all of its runs (--resume " +
                           out.string() + "), or replace those of --seeds (--force)\n");
  const ProgramResult longer = train({"--resume", out, "--epochs", "3"});
  ASSERT_EQ(longer.exit_code, 0) << longer.err;
  for (int number : {1, 2, 7}) {
    EXPECT_TRUE(
        contains(content_of(out / "seeds.csv"), fmt::format("\n{},{},3,", number, seed(number))));
  }
  const ProgramResult other = seeds("8");
  EXPECT_EQ(other.exit_code, 1);
  EXPECT_EQ(other.err, "pumice: " + out.string() +
                           " holds runs of another recipe or number of epochs: choose another "
                           "folder (--out), or replace them (--force)\n");
}

TEST_F(TrainSeeds, KeepTheirTableIfTheyAreTrainedForLongerAlready) {
  const std::filesystem::path out = folder_ / "seeds";
  ASSERT_EQ(seeds("1,2").exit_code, 0);
  const std::string table = content_of(out / "seeds.csv");
  const ProgramResult fewer = train({"--resume", out, "--epochs", "1"});
  EXPECT_EQ(fewer.exit_code, 1);
  EXPECT_TRUE(contains(fewer.err, "the run has already been trained for 2 epochs; to train longer"))
      << fewer.err;
  EXPECT_EQ(content_of(out / "seeds.csv"), table);
}

TEST_F(TrainSeeds, AreNotThoseOfAnotherRun) {
  const std::filesystem::path out = folder_ / "seeds";
  ASSERT_EQ(seeds("1,2").exit_code, 0);
  const std::string table = content_of(out / "seeds.csv");
  const std::string checkpoint = content_of(seed(1) + "/checkpoint.safetensors");
  std::filesystem::remove_all(seed(2));
  std::filesystem::copy(seed(1), seed(2), std::filesystem::copy_options::recursive);
  const ProgramResult copied = train({"--resume", out, "--epochs", "3"});
  EXPECT_EQ(copied.exit_code, 1);
  EXPECT_TRUE(
      contains(copied.err, "expected the run with seed 2 of the folder's recipe, found seed 1\n"))
      << copied.err;
  EXPECT_EQ(content_of(out / "seeds.csv"), table);
  EXPECT_EQ(content_of(seed(1) + "/checkpoint.safetensors"), checkpoint);
}

TEST_F(TrainSeeds, AreResumedByNameWithoutTheirFile) {
  const std::filesystem::path out = folder_ / "seeds";
  ASSERT_EQ(seeds("1,2", {"--epochs", "1"}).exit_code, 0);
  const std::string file = content_of(out / "seeds.json");
  for (const std::string text : {"", "{}", "[1]", "{\"generator\": \"Pumice\"}"}) {
    folder_.file("seeds/seeds.json", text);
    const ProgramResult damaged = train({"--resume", out, "--epochs", "2"});
    EXPECT_EQ(damaged.exit_code, 1) << text;
    EXPECT_TRUE(contains(damaged.err, "seeds.json: ")) << damaged.err;
    EXPECT_EQ(std::ranges::count(damaged.err, '\n'), 1) << damaged.err;
    EXPECT_EQ(content_of(out / "seeds.json"), text);
  }
  std::string newer = file;
  newer.replace(newer.find("\"version\": 1"), 12, "\"version\": 9");
  folder_.file("seeds/seeds.json", newer);
  EXPECT_TRUE(contains(train({"--resume", out}).err, "a newer version of Pumice wrote this file"));

  std::filesystem::remove(out / "seeds.json");
  const ProgramResult missing = train({"--resume", out, "--epochs", "2"});
  EXPECT_EQ(missing.exit_code, 1);
  EXPECT_TRUE(contains(missing.err, "name the runs that it holds: seed-1, seed-2, …"))
      << missing.err;
  ASSERT_EQ(train({"--resume", seed(1), seed(2), "--epochs", "2"}).exit_code, 0);
  for (int number : {1, 2}) expect_same_run(seed(number), alone(number));
}

// The third begins when the second has failed, beside the first.
TEST_F(TrainSeeds, FillAPlaceThatBecomesFree) {
  test::write_tiny_mnist(data_, 1024, 20);
  folder_.file("tiny.toml", test::slow_recipe());
  const std::string wild =
      folder_.file("wild.toml", test::slow_recipe() + "[optimizer]\nlearning_rate = 1e9\n");
  const std::string a = folder_ / "a", b = folder_ / "b", c = folder_ / "c";
  const ProgramResult result = train({recipe_, wild, recipe_, "--out", a, "--out", b, "--out", c,
                                      "--seed", "1", "--together", "2", "--json"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(contains(result.err, "pumice: 3 runs, 2 at a time (")) << result.err;
  std::vector<std::string> events;
  std::istringstream lines(result.out);
  for (std::string line; std::getline(lines, line);) {
    const nlohmann::json event = nlohmann::json::parse(line);
    const std::string what = event["event"];
    if (what != "epoch") events.push_back(what + " " + event["run"].get<std::string>());
  }
  EXPECT_EQ(events, Texts({"start " + a, "start " + b, "failed " + b, "start " + c, "end " + a,
                           "end " + c}));
  for (const std::string& run : {a, c}) expect_same_run(run, alone(1));
}

TEST_F(TrainSeeds, SayWhichRunsTheirTableLeavesOut) {
  ASSERT_EQ(seeds("1,2,3").exit_code, 0);
  const ProgramResult longer = train({"--resume", seed(2), "--epochs", "3"});
  ASSERT_EQ(longer.exit_code, 0) << longer.err;
  EXPECT_TRUE(contains(longer.err, "seeds.csv leaves out seed-1, seed-3, of another recipe"))
      << longer.err;
}

TEST_F(TrainSeeds, GoOnWithoutARunThatIsNotFinite) {
  const std::string wild =
      folder_.file("wild.toml", test::kTinyRecipe + "[optimizer]\nlearning_rate = 1e9\n");
  const std::string a = folder_ / "a", b = folder_ / "b", c = folder_ / "c";
  const ProgramResult result =
      train({recipe_, wild, recipe_, "--out", a, "--out", b, "--out", c, "--seed", "1"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(contains(result.err, "pumice: " + b + ": training stopped at step ")) << result.err;
  EXPECT_TRUE(contains(result.err, " is not finite; first in ")) << result.err;
  EXPECT_TRUE(contains(result.err, "pumice: train: 1 of 3 runs failed\n")) << result.err;
  for (const std::string& run : {a, c}) expect_same_run(run, alone(1));
  EXPECT_FALSE(std::filesystem::exists(b + "/checkpoint.safetensors"));
  EXPECT_TRUE(contains(result.out, c + "  epoch 2/2  loss ")) << result.out;
}

TEST_F(TrainSeeds, AreRefusedBeforeAnythingIsWritten) {
  const std::filesystem::path out = folder_ / "seeds";
  const ProgramResult twice = seeds("1,2,1");
  EXPECT_EQ(twice.exit_code, 2);
  EXPECT_EQ(twice.err, "pumice: train: --seeds expects different seeds\n");
  const ProgramResult recipes = train({recipe_, recipe_, "--seeds", "1,2"});
  EXPECT_EQ(recipes.exit_code, 2);
  EXPECT_EQ(recipes.err, "pumice: train: --seeds expects one recipe\n");
  const ProgramResult outs = train({recipe_, recipe_, "--out", out});
  EXPECT_EQ(outs.exit_code, 2);
  EXPECT_EQ(outs.err, "pumice: train: expected one --out for each of 2 recipes, got 1\n");
  const ProgramResult both = seeds("1,2", {"--seed", "3"});
  EXPECT_EQ(both.exit_code, 2);
  EXPECT_EQ(both.err, "pumice: train: expected --seed or --seeds, not both\n");
  for (const std::string text : {"", "-2", "0x10", "010", "9223372036854775808"}) {
    const ProgramResult wrong = seeds(text);
    EXPECT_EQ(wrong.exit_code, 2) << text;
    EXPECT_TRUE(contains(wrong.err, "expected a whole number from 0 to 9223372036854775807, got '"))
        << wrong.err;
  }
  const ProgramResult same = train({recipe_, recipe_, "--out", out, "--out", out.string() + "/"});
  EXPECT_EQ(same.exit_code, 2);
  EXPECT_EQ(same.err,
            "pumice: train: --out: expected different folders, got " + out.string() + "/ twice\n");
  EXPECT_FALSE(std::filesystem::exists(out));

  std::filesystem::create_directory(out);
  folder_.file("seeds/seeds.csv", "colour,count\n");
  const ProgramResult foreign = seeds("1,2");
  EXPECT_EQ(foreign.exit_code, 1);
  EXPECT_TRUE(contains(foreign.err, "seeds.csv: Pumice did not write this file")) << foreign.err;
  EXPECT_FALSE(std::filesystem::exists(seed(1)));
  std::filesystem::remove(out / "seeds.csv");

  ASSERT_EQ(train({recipe_, "--out", seed(2)}).exit_code, 0);
  const ProgramResult taken = seeds("1,2");
  EXPECT_EQ(taken.exit_code, 1);
  EXPECT_TRUE(contains(taken.err, seed(2) + " already holds a run")) << taken.err;
  EXPECT_FALSE(std::filesystem::exists(seed(1)));
}

TEST_F(TrainSeeds, TrainDifferentModelsTogether) {
  const std::string other =
      folder_.file("other.toml", test::kTinyRecipe + "[optimizer]\nname = \"sgd\"\n");
  const std::string a = folder_ / "a", b = folder_ / "b", c = folder_ / "c";
  ASSERT_EQ(train({recipe_, other, "--out", a, "--out", b, "--json"}).exit_code, 0);
  ASSERT_EQ(train({other, "--out", c}).exit_code, 0);
  expect_same_run(b, c);
  ASSERT_EQ(train({"--resume", a, "--epochs", "3"}).exit_code, 0);
  ASSERT_EQ(train({"--resume", a, b, "--epochs", "4"}).exit_code, 0);
  EXPECT_EQ(train({other, "--out", c, "--epochs", "4", "--force"}).exit_code, 0);
  EXPECT_EQ(content_of(b + "/checkpoint.safetensors"), content_of(c + "/checkpoint.safetensors"));
}

TEST_F(TrainSeeds, ResumeOnlyWithTheSameData) {
  ASSERT_EQ(train({recipe_, "--out", folder_ / "a", "--epochs", "1"}).exit_code, 0);
  const std::string classifier = folder_.file("classifier.toml", test::kTinyClassifier);
  ASSERT_EQ(train({classifier, "--out", folder_ / "b", "--epochs", "1"}).exit_code, 0);
  const ProgramResult result = train({"--resume", folder_ / "a", folder_ / "b", "--epochs", "2"});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(contains(result.err, "only runs on the same data train together")) << result.err;
}

TEST_F(TrainSeeds, CauseNoValidationMessages) {
  if (std::getenv("PUMICE_ALLOW_NO_VALIDATION") != nullptr) GTEST_SKIP() << "no validation layer";
  const ProgramResult result = seeds("1,2", {"--validate"});
  EXPECT_EQ(result.exit_code, 0);
  EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
}

}  // namespace
}  // namespace pumice
