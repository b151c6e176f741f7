// Every command on a device that fails: one clear line, nothing half written, a run that resumes.
#include "tests/support/faulty_device.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>

#include "engine/io/checkpoint.h"
#include "native/commands/command_line.h"
#include "tests/support/contains.h"
#include "tests/support/devices.h"
#include "tests/support/program.h"
#include "tests/support/snapshot.h"
#include "tests/support/tiny_mnist.h"

namespace pumice {
namespace {

namespace fs = std::filesystem;
using test::contains;
using test::content_of;
using test::Faults;
using test::ProgramResult;
using Texts = std::vector<std::string>;

class FaultyDevice : public testing::Test {
 protected:
  FaultyDevice() {
    test::write_tiny_mnist(data_, 64, 20);
    EXPECT_EQ(train("whole", {}).exit_code, 0);
    whole_ = content_of(checkpoint("whole"));
  }

  /// Runs the command in this process, on devices with these faults.
  ProgramResult run(Texts arguments, const Faults& faults) {
    faults_ = std::make_shared<Faults>(faults);
    arguments.insert(arguments.begin(), "pumice");
    std::vector<const char*> words;
    for (const std::string& argument : arguments) words.push_back(argument.c_str());
    testing::internal::CaptureStdout();
    testing::internal::CaptureStderr();
    ProgramResult result;
    result.exit_code = commands::run_command_line(int(words.size()), words.data(), backend());
    result.out = testing::internal::GetCapturedStdout();
    result.err = testing::internal::GetCapturedStderr();
    return result;
  }
  ProgramResult train(const std::string& name, const Faults& faults, const Texts& more = {}) {
    Texts all{"train", recipe_, "--data", data_.path(), "--out", folder_ / name, "--force"};
    all.insert(all.end(), more.begin(), more.end());
    return run(all, faults);
  }
  ProgramResult resume(const std::string& name) {
    return run({"train", "--resume", folder_ / name, "--data", data_.path()}, {});
  }
  fs::path checkpoint(const std::string& name) const {
    return folder_ / name / "checkpoint.safetensors";
  }
  /// Expects that the command failed with one line that ends with the message.
  static void expect_failed(const ProgramResult& result, const std::string& message) {
    EXPECT_EQ(result.exit_code, 1);
    EXPECT_TRUE(contains(result.err, message)) << result.err;
    EXPECT_EQ(std::ranges::count(result.err, '\n'), 1) << result.err;
  }
  /// Expects that the run continues from its checkpoint, if it has one, to the bytes of a whole
  /// one.
  void expect_resumes(const std::string& name) {
    const bool has_saved = fs::exists(checkpoint(name));
    const ProgramResult result = has_saved ? resume(name) : train(name, {});
    const bool is_complete = contains(result.err, "the run is complete");
    EXPECT_TRUE(result.exit_code == 0 || is_complete) << result.err;
    EXPECT_EQ(content_of(checkpoint(name)), whole_);
  }

  test::TemporaryFolder data_;
  test::TemporaryFolder folder_;
  std::string recipe_ = folder_.file("tiny.toml", test::kTinyRecipe);
  std::shared_ptr<Faults> faults_;
  std::string whole_;

 private:
  system::Backend backend() const {
    return {.open =
                [this](const system::DeviceRequest&) {
                  hal::Device& device = test::device(test::device_names().front());
                  return std::make_unique<test::FaultyDevice>(device, faults_);
                },
            .list = [] { return std::vector<hal::DeviceInfo>(); }};
  }
};

TEST_F(FaultyDevice, ThatIsLostIsOpenedAnewInTraining) {
  for (const auto& [run, losses] : {std::pair(1u, 1u), {6u, 1u}, {12u, 3u}}) {
    const ProgramResult result = train("run", {.lost_in_run = run, .most_losses = losses});
    ASSERT_EQ(result.exit_code, 0) << result.err;
    EXPECT_EQ(faults_->losses, losses);
    EXPECT_EQ(faults_->devices, losses + 1);
    EXPECT_EQ(std::ranges::count(result.err, '\n'), losses);
    EXPECT_TRUE(contains(result.err, fmt::format("pumice: faulty: the device was lost; opening it "
                                                 "anew ({} of 3) and continuing after step ",
                                                 losses)))
        << result.err;
    EXPECT_EQ(content_of(checkpoint("run")), whole_);
    EXPECT_EQ(content_of(folder_ / "run/steps.csv"), content_of(folder_ / "whole/steps.csv"));
  }
}

TEST_F(FaultyDevice, ThatIsLostAgainAndAgainIsGivenUp) {
  const ProgramResult result = train("run", {.lost_in_run = 6});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_EQ(faults_->losses, 4u);
  EXPECT_TRUE(result.err.ends_with("pumice: faulty: the device was lost\n")) << result.err;
  EXPECT_EQ(std::ranges::count(result.err, '\n'), 4);
  expect_resumes("run");
}

// The first epoch has four steps, each a run of one program. The watch runs before each save.
TEST_F(FaultyDevice, ThatIsLostCostsAtMostTheIntervalOfSaves) {
  for (uint32_t step : {0, 1, 2, 3}) {
    const std::string after = " and continuing after step ";
    const ProgramResult often = train("run", {.lost_in_run = 2 * step + 1, .most_losses = 1},
                                      {"--set", "train.checkpoint_minutes=1e-9"});
    EXPECT_TRUE(contains(often.err, fmt::format("{}{}\n", after, step))) << often.err;
    const ProgramResult seldom = train("run", {.lost_in_run = step + 1, .most_losses = 1},
                                       {"--set", "train.checkpoint_minutes=0"});
    EXPECT_TRUE(contains(seldom.err, after + "0\n")) << seldom.err;
  }
}

// Wherever it happens.
TEST_F(FaultyDevice, ThatFailsOnceEndsTrainingWithOneLine) {
  ASSERT_EQ(train("run", {}).exit_code, 0);
  const Faults all = *faults_;
  for (uint32_t share = 0; share < 8; ++share) {
    const auto nth = [&](uint32_t count) { return 1 + count * share / 8; };
    expect_failed(train("run", {.bad_allocation = nth(all.allocations)}), ": out of memory (");
    expect_resumes("run");
    expect_failed(train("run", {.bad_run = nth(all.runs)}), "faulty: the queue refused a program");
    expect_resumes("run");
    expect_failed(train("run", {.bad_readback = nth(all.readbacks)}),
                  "faulty: the copy to the host failed");
    expect_resumes("run");
  }
}

TEST_F(FaultyDevice, ThatIsSlowComputesTheSame) {
  ASSERT_EQ(train("run", {.delay = std::chrono::milliseconds(2)}).exit_code, 0);
  EXPECT_EQ(content_of(checkpoint("run")), whole_);
}

// A fault of each kind at the beginning, with its message.
std::vector<std::pair<Faults, std::string>> early_faults() {
  return {{Faults{.lost_in_run = 1}, "faulty: the device was lost"},
          {Faults{.bad_allocation = 2}, ": out of memory ("},
          {Faults{.bad_run = 1}, "faulty: the queue refused a program"},
          {Faults{.bad_readback = 1}, "faulty: the copy to the host failed"}};
}

TEST_F(FaultyDevice, EndsOtherCommandsWithOneLineAndNoFile) {
  const std::string run = folder_ / "whole";
  const std::string classifier = folder_ / "classifier";
  recipe_ = folder_.file("classifier.toml", test::kTinyClassifier);
  ASSERT_EQ(train("classifier", {}).exit_code, 0);
  const auto before = test::snapshot(folder_.path());
  for (const Texts& command :
       {Texts{"sample", run, "--out", folder_ / "out.png"},
        Texts{"interpolate", run, "--out", folder_ / "out.png"},
        Texts{"reconstruct", run, "--out", folder_ / "out.png", "--data", data_.path()},
        Texts{"evaluate", run, "--data", data_.path(), "--samples", "40", "--extractor",
              classifier},
        Texts{"export", run, "--web", "--without-map", "--out", folder_ / "out.safetensors"}}) {
    for (const auto& [faults, message] : early_faults()) {
      expect_failed(this->run(command, faults), message);
      EXPECT_EQ(test::snapshot(folder_.path()), before) << command[0] << ": " << message;
    }
  }
}

TEST_F(FaultyDevice, EndsASweepBeforeItHasAFolder) {
  const std::string sweep = folder_.file(
      "sweep.toml", "name = \"sizes\"\nrecipe = \"./tiny.toml\"\n[grid]\nlatent.size = [2, 3]\n");
  for (const auto& [faults, message] : early_faults()) {
    for (const Texts& more : {Texts{}, {"--dry-run"}}) {
      Texts command{"sweep", sweep, "--data", data_.path(), "--out", folder_ / "sweep"};
      command.insert(command.end(), more.begin(), more.end());
      const ProgramResult result = run(command, faults);
      expect_failed(result, "pumice: sizes: latent.size=2: ");
      expect_failed(result, message);
      EXPECT_FALSE(fs::exists(folder_ / "sweep"));
    }
  }
}

TEST_F(FaultyDevice, EndsABenchmarkWithoutAResult) {
  const std::string out = folder_ / "out.json";
  for (const auto& [faults, message] : early_faults()) {
    expect_failed(run({"bench", "--seconds", "0.05", "--out", out}, faults), message);
    EXPECT_FALSE(fs::exists(out));
  }
}

// One recipe of several; the others are measured.
TEST_F(FaultyDevice, IsSaidInABenchmarkOfRecipes) {
  const Texts bench{"bench",    "--seconds", "0.05",     "--recipe", recipe_,
                    "--recipe", recipe_,     "--format", "csv"};
  ASSERT_EQ(run(bench, {}).exit_code, 0);
  const ProgramResult result = run(bench, {.bad_allocation = faults_->allocations});
  EXPECT_EQ(result.exit_code, 1);
  EXPECT_TRUE(
      contains(result.err, "pumice: bench: 1 of 2 recipes could not be measured: tiny: faulty: "))
      << result.err;
  EXPECT_TRUE(contains(result.err, ": out of memory (")) << result.err;
  EXPECT_TRUE(contains(result.out, "recipes,tiny,")) << result.out;
}

TEST_F(FaultyDevice, IsNotTakenForAWrongVariantWhenItIsLost) {
  const test::TemporaryFolder cache;
  const char* before = std::getenv("XDG_CACHE_HOME");
  const std::string kept = before == nullptr ? "" : before;
  setenv("XDG_CACHE_HOME", cache.path().c_str(), 1);
  expect_failed(run({"selftest"}, {.lost_in_run = 3}), "faulty: the device was lost");
  EXPECT_TRUE(fs::is_empty(cache.path()));
  const ProgramResult result = run({"selftest"}, {.bad_run = 3});
  expect_failed(result, "pumice: 1 variant not right on this device");
  EXPECT_TRUE(contains(result.out, "faulty: the queue refused a program")) << result.out;
  before == nullptr ? unsetenv("XDG_CACHE_HOME") : setenv("XDG_CACHE_HOME", kept.c_str(), 1);
}

}  // namespace
}  // namespace pumice
