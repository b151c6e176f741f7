#include <fmt/format.h>
#include <gtest/gtest.h>
#include <signal.h>

#include <cstdlib>
#include <nlohmann/json.hpp>

#include "engine/base/cache_folder.h"
#include "native/training/run_folder.h"
#include "tests/native/report_data.h"
#include "tests/native/train_case.h"
#include "tests/support/contains.h"
#include "tests/support/folders.h"

namespace pumice {
namespace {

using nlohmann::json;
using test::contains;
using test::content_of;
using test::report_data;

/// Tiny runs of the program.
class ReportCommand : public test::TrainCase {
 protected:
  std::string train(const std::string& name, const std::string& recipe) const {
    const std::string run = folder_ / name;
    const test::ProgramResult result = test::run_program(
        {"train", folder_.file(name + ".toml", recipe), "--data", data_.path(), "--out", run});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_TRUE(contains(result.out, "report.html"));
    return run;
  }
};

TEST_F(ReportCommand, EveryRunEndsWithAReport) {
  std::string recipe = test::kTinyRecipe;
  recipe.replace(recipe.find("size = 2"), 8, "size = 3");
  const json vae = report_data(content_of(train("vae", recipe) + "/report.html"))["runs"][0];
  EXPECT_EQ(vae["notes"].dump(), "[]");
  EXPECT_EQ(vae["serve_command"], "pumice serve " + (folder_ / "vae").string());
  EXPECT_EQ(vae["pictures"]["samples"].size(), 2u);
  EXPECT_TRUE(vae["pictures"].contains("interpolation"));
  EXPECT_EQ(vae["pictures"]["scatter"]["x"].size(), 20u) << "the test images";
  EXPECT_EQ(vae["pictures"]["scatter"]["thumbnails"]["count"], 20);
  EXPECT_FALSE(vae["pictures"].contains("latents")) << "the same points as an image";
  ASSERT_EQ(vae["commands"].size(), 1u);
  EXPECT_TRUE(vae["commands"][0].get<std::string>().starts_with("pumice train "));
  EXPECT_TRUE(vae["programs"][0].get<std::string>().starts_with("pumice "));
  EXPECT_EQ(vae["times"][1].get<std::string>().size(), std::string("2026-11-28T04:10:00Z").size());
  const json gan =
      report_data(content_of(train("gan", test::kTinyGan) + "/report.html"))["runs"][0];
  EXPECT_EQ(gan["pictures"]["reconstructions"].size(), 0u);
  EXPECT_TRUE(gan["pictures"].contains("interpolation"));
  EXPECT_EQ(gan["devices"].size(), 1u);
  const json classifier = report_data(
      content_of(train("classifier", test::kTinyClassifier) + "/report.html"))["runs"][0];
  EXPECT_EQ(classifier["pictures"]["samples"].size(), 0u);
  EXPECT_EQ(classifier["notes"].dump(), "[]");
  EXPECT_FALSE(classifier.contains("serve_command")) << "it has no images to show";
  EXPECT_FALSE(std::filesystem::exists(folder_ / "classifier/samples"));
}

// As left by an interruption within the first epoch.
TEST_F(ReportCommand, ShowsARunThatCompletedNoEpoch) {
  make_slow();
  const std::string run = folder_ / "run", out = folder_ / "page.html";
  test::Program program(train_arguments("run", {"--batch", "4", "--json"}));
  ASSERT_TRUE(program.wait_for_output("\"start\""));
  program.send(SIGINT);
  ASSERT_EQ(program.wait().exit_code, 130);
  auto expect_shown = [](const json& data) {
    EXPECT_EQ(data["charts"][0]["by"], "step");
    EXPECT_EQ(data["charts"][0]["group"], "loss");
    EXPECT_EQ(data["runs"][0]["epochs"], 0);
    EXPECT_EQ(data["charts"][0]["series"][0]["x"].back(), data["runs"][0]["steps"]);
    EXPECT_TRUE(data["runs"][0]["pictures"].contains("samples_within_first_epoch"));
  };
  expect_shown(report_data(content_of(run + "/report.html")));
  ASSERT_TRUE(std::filesystem::remove(RunFolder(run).samples_within_first_epoch()));
  ASSERT_EQ(test::run_program({"report", run, "--out", out, "--data", data_.path()}).exit_code, 0);
  expect_shown(report_data(content_of(out)));
  ASSERT_EQ(resume("run").exit_code, 0);
  EXPECT_FALSE(report_data(content_of(run + "/report.html"))["runs"][0]["pictures"].contains(
      "samples_within_first_epoch"));
}

TEST_F(ReportCommand, DrawsWhatARunLacks) {
  const std::filesystem::path run = train("run", test::kTinyRecipe);
  for (const char* name : {"interpolation.png", "latents.json"}) {
    std::filesystem::remove(run / name);
  }
  const std::string out = folder_ / "page.html";
  ASSERT_EQ(test::run_program({"report", run, "--out", out, "--data", data_.path()}).exit_code, 0);
  const json whole = report_data(content_of(out))["runs"][0];
  EXPECT_TRUE(whole["pictures"].contains("interpolation"));
  EXPECT_TRUE(whole["pictures"].contains("scatter"));
  const test::ProgramResult without =
      test::run_program({"report", run, "--out", out, "--data", folder_.path()});
  EXPECT_EQ(without.exit_code, 0);
  EXPECT_TRUE(contains(without.err, "left out images that need the model: "));
  EXPECT_EQ(report_data(content_of(out))["runs"][0]["notes"].size(), 1u);
  const std::string checkpoint = run / "checkpoint.safetensors";
  ASSERT_EQ(test::run_program({"report", checkpoint, "--out", out}).exit_code, 0);
  EXPECT_EQ(report_data(content_of(out))["runs"][0]["name"], "run");
  EXPECT_EQ(test::run_program({"report", run, "--out", out, "--device", "nope"}).exit_code, 1);
  std::ofstream(checkpoint) << "short";
  ASSERT_EQ(test::run_program({"report", run, "--out", out}).exit_code, 0);
  EXPECT_EQ(report_data(content_of(out))["runs"][0]["notes"].size(), 1u) << "said once";
  const test::ProgramResult none = test::run_program({"report", folder_.path(), "--out", out});
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_TRUE(contains(none.err, "expected the folder of a run"));
}

void write_evaluation(const std::string& run, uint32_t epoch, const std::string& hash) {
  const json fid = {{"mean", 3.5}, {"deviation", 0.123}, {"of", "5 repeats of 10 samples"}};
  std::ofstream(run + "/evaluation.json")
      << json{{"epoch", epoch},
              {"extractor", "digits"},
              {"extractor_hash", hash},
              {"samples", 10},
              {"reference", "test"},
              {"seconds", 12.5},
              {"figures", {{"fid", fid}, {"recall", {{"mean", 0.5}, {"of", "10 samples"}}}}}};
}

// See tests/native/report_page_check.mjs; the screenshots are for people to look at.
TEST_F(ReportCommand, OpensInABrowser) {
  const std::filesystem::path npm = cache_folder() / "web" / "npm";
  if (!std::filesystem::exists(npm / "node_modules/playwright-core") ||
      !std::filesystem::exists("/usr/bin/chromium")) {
    GTEST_SKIP() << "no playwright-core in " << npm << "; scripts/setup --with-web installs it";
  }
  const std::string vae = train("vae", test::kTinyRecipe);
  const std::string gan = train("gan", test::kTinyGan);
  write_evaluation(vae, 1, "0123456789abcdef");
  write_evaluation(gan, 2, "fedcba9876543210");
  const std::string one = folder_ / "one.html", both = folder_ / "both.html";
  for (const test::Program::Texts& arguments :
       {test::Program::Texts{"report", vae, "--out", one},
        test::Program::Texts{"report", vae, gan, "--out", both}}) {
    ASSERT_EQ(test::run_program(arguments).exit_code, 0);
  }
  const std::string command = fmt::format(
      "node '{}/tests/native/report_page_check.mjs' '{}' '{}/screenshots' '{}' '{}'",
      test::source_folder().string(), npm.string(), test::build_folder().string(), one, both);
  EXPECT_EQ(std::system(command.c_str()), 0);
}

}  // namespace
}  // namespace pumice
