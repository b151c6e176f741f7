// What must never be lost: the user's files, runs that run at the same time, and runs that are
// stopped.
#include <gtest/gtest.h>
#include <signal.h>

#include <algorithm>
#include <cstdlib>
#include <list>
#include <nlohmann/json.hpp>

#include "engine/io/checkpoint.h"
#include "native/formats/metrics_csv.h"
#include "native/recipes/recipe.h"
#include "native/system/shell.h"
#include "tests/native/train_case.h"
#include "tests/support/contains.h"
#include "tests/support/images.h"
#include "tests/support/snapshot.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;
using test::content_of;
using test::ProgramResult;
using Texts = test::Program::Texts;

class RunSafety : public test::TrainCase {
 protected:
  /// Expects a refusal in one line that contains `message`, and that nothing below the folder
  /// changes.
  void expect_untouched(const fs::path& folder, const Texts& arguments,
                        const std::string& message) const {
    const auto before = test::snapshot(folder);
    const ProgramResult result = test::run_program(arguments);
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_TRUE(test::contains(result.err, message)) << result.err;
    EXPECT_EQ(std::count(result.err.begin(), result.err.end(), '\n'), 1) << result.err;
    EXPECT_EQ(test::snapshot(folder), before);
  }
};

/// A folder of the user's whose files have the same names as those of a run.
class ProjectFolder : public RunSafety {
 protected:
  ProjectFolder() {
    for (int i = 0; i < 4; ++i) {
      test::write_plain_png(project_ / fmt::format("samples/photo{}.png", i), {200, 10, 10});
    }
    fs::create_directories(project_ / "curves");
    for (const char* name : {"curves/mine.txt", "report.html", "metrics.csv"}) {
      folder_.file("project/" + std::string(name), "the user's own");
    }
    folder_.file("project/recipe.toml", "# my notes\n" + std::string(test::kTinyRecipe));
  }
  fs::path project_ = folder_ / "project";
};

TEST_F(ProjectFolder, IsNotTakenForARun) {
  const std::string message = " which no run wrote: nothing was changed";
  expect_untouched(project_, train_arguments(project_), message);
  expect_untouched(project_, train_arguments(project_, {"--force"}), message);
  fs::create_directory_symlink(project_, folder_ / "link");
  expect_untouched(project_, train_arguments(folder_ / "link", {"--force"}), message);
  expect_untouched(project_,
                   {"sweep", "sweep-vae-mnist", "--data", data_.path(), "--out", project_},
                   "not a sweep: choose another folder");
}

TEST_F(ProjectFolder, IsNotTakenForARunBecauseOfACheckpoint) {
  ASSERT_EQ(train(folder_ / "run", {"--epochs", "1"}).exit_code, 0);
  fs::copy(folder_ / "run/checkpoint.safetensors", project_);
  const std::string message = "project: expected the folder of a run";
  expect_untouched(project_, train_arguments(project_, {"--force"}), "which no run wrote");
  expect_untouched(
      project_, {"train", "--resume", project_, "--epochs", "2", "--data", data_.path()}, message);
  expect_untouched(project_, {"report", project_, "--data", data_.path()},
                   "report.html: Pumice did not write the existing file");
  expect_untouched(project_, {"evaluate", project_, "--data", data_.path()},
                   "report.html: Pumice did not write the existing file");
}

TEST_F(ProjectFolder, KeepsImagesFromBeingOverwritten) {
  ASSERT_EQ(train(folder_ / "run", {"--epochs", "1"}).exit_code, 0);
  folder_.file("project/mine.png", "a photo");
  folder_.file("project/mine.gif", "a photo");
  const std::string run = folder_ / "run";
  for (const char* command : {"sample", "interpolate", "reconstruct"}) {
    Texts arguments{command, run, "--out", project_ / "mine.png"};
    if (std::string(command) == "reconstruct") {
      arguments.insert(arguments.end(), {"--data", data_.path()});
    }
    expect_untouched(project_, arguments, "mine.png: Pumice did not write the existing file");
  }
  expect_untouched(project_, {"interpolate", run, "--out", project_ / "mine.gif"},
                   "mine.gif: Pumice did not write the existing file");
  expect_untouched(project_, {"report", run, "--out", project_ / "report.html"},
                   "report.html: Pumice did not write the existing file");
  const Texts forced{"sample", run, "--out", project_ / "mine.png", "--force"};
  EXPECT_EQ(test::run_program(forced).exit_code, 0);
  const Texts again{"sample", run, "--out", project_ / "mine.png"};
  EXPECT_EQ(test::run_program(again).exit_code, 0) << "its own image may be replaced";
}

TEST_F(RunSafety, ReplacesARunButNothingBesideIt) {
  const fs::path run = folder_ / "run";
  ASSERT_EQ(train(run).exit_code, 0);
  ASSERT_EQ(test::run_program({"sample", run, "--out", run / "sample.png"}).exit_code, 0);
  folder_.file("run/notes.txt", "learning rate was too high");
  expect_untouched(run, train_arguments(run, {"--force"}),
                   "run holds notes.txt, which no run wrote");
  fs::remove(run / "notes.txt");
  ASSERT_EQ(train(run, {"--force", "--epochs", "1"}).exit_code, 0);
  EXPECT_FALSE(fs::exists(run / "samples/epoch-0002.png"));
  EXPECT_FALSE(fs::exists(run / "sample.png"));
}

TEST_F(RunSafety, KeepsFilesThatTookTheNamesOfItsOwn) {
  const fs::path run = folder_ / "run";
  ASSERT_EQ(train(run, {"--epochs", "1"}).exit_code, 0);
  const std::string report = content_of(run / "report.html");
  folder_.file("run/report.html", "my notes");
  const Texts resume{"train", "--resume", run, "--epochs", "2", "--data", data_.path()};
  expect_untouched(run, resume, "report.html: Pumice did not write this file");
  expect_untouched(run, train_arguments(run, {"--force"}),
                   "run holds report.html, which no run wrote");
  expect_untouched(run, {"report", run}, "report.html: Pumice did not write the existing file");
  folder_.file("run/report.html", report);
  EXPECT_EQ(test::run_program(resume).exit_code, 0);
}

TEST_F(RunSafety, KeepsOtherFilesInTheFolderOfASweep) {
  const std::string sweep = folder_.file(
      "sweep.toml", "name = \"s\"\nrecipe = \"" + recipe_ + "\"\n[grid]\nlatent.size = [2, 3]\n");
  const fs::path out = folder_ / "-sweep";
  ASSERT_EQ(test::run_program(
                {"sweep", sweep, "--data", data_.path(), "--out=" + out.string(), "--epochs", "1"})
                .exit_code,
            0);
  const Texts resume{"sweep", "--resume=" + out.string(), "--data", data_.path()};
  const std::string table = content_of(out / "table.md");
  folder_.file("-sweep/table.md", "my notes");
  expect_untouched(out, resume, "table.md: Pumice did not write this file");
  folder_.file("-sweep/table.md", table);
  fs::remove_all(out / "1-latent.size-2");
  test::write_plain_png(out / "1-latent.size-2/photo.jpg", {1, 2, 3});
  folder_.file("-sweep/1-latent.size-2/photo.jpg", "a photo");
  const auto photos = test::snapshot(out / "1-latent.size-2");
  EXPECT_EQ(test::run_program(resume).exit_code, 1);
  EXPECT_EQ(test::snapshot(out / "1-latent.size-2"), photos);
}

TEST_F(RunSafety, KeepsAnEditedRecipe) {
  const fs::path run = folder_ / "run";
  ASSERT_EQ(train(run, {"--epochs", "1"}).exit_code, 0);
  const std::string written = content_of(run / "recipe.toml");
  folder_.file("run/recipe.toml", "# tried: 5e-4\n" + written);
  const Texts resume{"train", "--resume", run, "--epochs", "2", "--data", data_.path()};
  expect_untouched(run, resume, "recipe.toml: was edited");
  expect_untouched(run, train_arguments(run, {"--force"}),
                   "run holds recipe.toml, which no run wrote");
  // As a power failure leaves it.
  folder_.file("run/recipe.toml", written.substr(0, written.size() / 2) + std::string(9, '\0'));
  const test::ProgramResult resumed = test::run_program(resume);
  EXPECT_EQ(resumed.exit_code, 0) << resumed.err;
  EXPECT_TRUE(resumed.err.ends_with(
      "recipe.toml: it was cut off; it is written again from the checkpoint\n"))
      << resumed.err;
  EXPECT_EQ(content_of(run / "recipe.toml").size(), written.size());
}

TEST_F(RunSafety, GivesOneFolderToOneOfManyProcesses) {
  std::list<test::Program> programs;
  for (const char* seed : {"1", "2", "3"}) {
    programs.emplace_back(train_arguments(folder_ / "run", {"--seed", seed, "--epochs", "3"}));
  }
  std::vector<uint64_t> done;
  uint64_t seed = 0;
  for (test::Program& program : programs) {
    const ProgramResult result = program.wait();
    ++seed;
    if (result.exit_code == 0) done.push_back(seed);
    const bool is_refused = test::contains(result.err, " is in use by process ") ||
                            test::contains(result.err, " already holds a run");
    EXPECT_TRUE(result.exit_code == 0 || is_refused) << result.err;
  }
  ASSERT_EQ(done.size(), 1u);
  EXPECT_EQ(record_of(checkpoint_of(folder_ / "run")).seed, done[0]);
  EXPECT_EQ(load_recipe(folder_ / "run/recipe.toml").seed, done[0]);
}

TEST_F(RunSafety, ResumesARunOnceAtATime) {
  folder_.file("tiny.toml", test::slow_recipe());
  test::write_tiny_mnist(data_, 2048, 20);
  const fs::path run = folder_ / "run";
  ASSERT_EQ(train(run, {"--epochs", "1"}).exit_code, 0);
  const Texts resume{"train", "--resume", run, "--epochs", "3", "--data", data_.path()};
  test::Program first(resume);
  ASSERT_TRUE(first.wait_for_output("run     "));
  const ProgramResult second = test::run_program(resume);
  EXPECT_EQ(second.exit_code, 1);
  EXPECT_TRUE(test::contains(second.err, "run is in use by process ")) << second.err;
  EXPECT_EQ(first.wait().exit_code, 0);
  const formats::MetricsTable steps = formats::read_metrics(run / "steps.csv");
  for (size_t i = 1; i < steps.rows.size(); ++i) EXPECT_LT(steps.rows[i - 1][0], steps.rows[i][0]);
  EXPECT_EQ(record_of(checkpoint_of(run)).epoch, 3u);
}

TEST_F(RunSafety, SavesWhateverSignalStopsIt) {
  folder_.file("tiny.toml", test::slow_recipe());
  test::write_tiny_mnist(data_, 4096, 20);
  for (int signal : {SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGUSR1, SIGXCPU, SIGPROF, SIGRTMIN + 3}) {
    const fs::path run = folder_ / fmt::format("run-{}", signal);
    test::Program program(train_arguments(run, {"--batch", "4", "--epochs", "50"}));
    ASSERT_TRUE(program.wait_for_output("run     "));
    program.send(signal);
    program.send(signal);  // as GNU timeout does: the program, then its group
    const ProgramResult stopped = program.wait();
    EXPECT_EQ(stopped.exit_code, 128 + signal) << stopped.err;
    ASSERT_TRUE(fs::exists(run / "checkpoint.safetensors")) << signal;
    EXPECT_GT(record_of(checkpoint_of(run)).step, 0u);
  }
}

TEST_F(RunSafety, PrintsACommandThatResumes) {
  folder_.file("tiny.toml", test::slow_recipe());
  test::write_tiny_mnist(data_, 4096, 20);
  const test::TemporaryFolder spaced;
  const fs::path data = spaced / "my data (1)";
  fs::copy(data_.path(), data);
  const fs::path run = spaced / "a run's folder";
  test::Program program({"train", recipe_, "--data", data, "--out", run, "--batch", "4"});
  ASSERT_TRUE(program.wait_for_output("run     "));
  program.send(SIGINT);
  const ProgramResult stopped = program.wait();
  const size_t at = stopped.out.find("resume with: pumice ");
  ASSERT_NE(at, std::string::npos) << stopped.out;
  const std::string words = stopped.out.substr(at + std::string("resume with: pumice ").size());
  const std::string command = test::program_path().string() + " " + words;
  EXPECT_EQ(std::system(("sh -c " + system::shell_word(command) + " > /dev/null").c_str()), 0);
  EXPECT_EQ(record_of(checkpoint_of(run)).epoch, 2u);
}

TEST_F(RunSafety, EndsCleanlyIfNamesAreNotUtf8) {
  const std::string run = folder_ / "r\351sultat";
  const ProgramResult plain = train(run, {"--epochs", "1"});
  EXPECT_EQ(plain.exit_code, 0) << plain.err;
  const ProgramResult result = train(run, {"--epochs", "1", "--force", "--json"});
  EXPECT_EQ(result.exit_code, 0) << result.err;
  std::istringstream lines(result.out);
  std::vector<nlohmann::json> events;
  for (std::string line; std::getline(lines, line);) events.push_back(nlohmann::json::parse(line));
  ASSERT_EQ(events.size(), 3u);
  EXPECT_EQ(events[0]["run"], (folder_ / "r\xef\xbf\xbdsultat").string());
  EXPECT_EQ(events[2]["complete"], true);
  for (const Texts& command :
       {Texts{"sample", run, "--json", "--out", run + "/s.png"}, Texts{"report", run, "--json"}}) {
    const ProgramResult other = test::run_program(command);
    EXPECT_EQ(other.exit_code, 0) << other.err;
    EXPECT_TRUE(nlohmann::json::accept(other.out)) << other.out;
  }
}

}  // namespace
}  // namespace pumice
