#include <gtest/gtest.h>
#include <signal.h>

#include <cmath>
#include <cstdlib>
#include <nlohmann/json.hpp>

#include "engine/base/cache_folder.h"
#include "native/report/page.h"
#include "native/report/report_page.h"
#include "native/report/run_images.h"
#include "tests/support/contains.h"
#include "tests/support/errors.h"
#include "tests/support/folders.h"
#include "tests/support/images.h"
#include "tests/support/program.h"
#include "tests/support/tiny_mnist.h"

namespace pumice {
namespace {

using nlohmann::json;
using test::contains;
using test::content_of;
using test::error_of;
using test::TemporaryFolder;

/// What the page's script reads.
json data_of(const std::string& page) {
  const std::string begin = "<script type=\"application/json\" id=\"data\">";
  const size_t at = page.find(begin) + begin.size();
  return json::parse(page.substr(at, page.find("</script>", at) - at), nullptr, false);
}

/// A run's folder as training leaves it, without the checkpoint.
void write_run(const std::filesystem::path& run, uint32_t epochs, uint32_t side = 8) {
  std::string metrics = "epoch,train_loss,test_loss,test_fid,seconds,images_per_second\n";
  for (uint32_t epoch = 1; epoch <= epochs; ++epoch) {
    metrics +=
        fmt::format("{0},{1},{1},{2},2,500\n", epoch, 100.0 / epoch, epoch % 2 == 0 ? "40" : "nan");
    test::write_plain_png(RunFolder(run).samples(epoch), {100}, side, side);
    test::write_plain_png(RunFolder(run).reconstructions(epoch), {50}, side, side);
  }
  std::ofstream(RunFolder(run).metrics()) << metrics;
  std::ofstream(RunFolder(run).recipe()) << test::kTinyRecipe;
}

json report_of(const std::filesystem::path& run) {
  const report::ReportedRun reported = report::reported_run(run);
  return data_of(report::report_page({&reported, 1}));
}

TEST(HtmlReport, HoldsWhatTheFolderHolds) {
  TemporaryFolder folder;
  write_run(folder / "run", 4);
  test::write_plain_png(folder / "run/neighbours.png", {1, 2, 3});
  std::ofstream(folder / "run/evaluation.json")
      << R"({"extractor": "classifier-mnist", "figures": {"fid": {"mean": 3.5, "deviation": 0.1}}})";
  const json data = report_of(folder / "run");
  const json& run = data["runs"][0];
  EXPECT_EQ(run["name"], "run");
  EXPECT_EQ(run["recipe"], test::kTinyRecipe);
  EXPECT_EQ(run["model"], "vae");
  EXPECT_EQ(run["epochs"], 4);
  EXPECT_EQ(run["seconds"], 8);
  EXPECT_EQ(run["networks"][0]["name"], "encoder");
  EXPECT_EQ(run["evaluation"]["figures"]["fid"]["mean"], 3.5);
  EXPECT_EQ(run["pictures"]["samples"].size(), 4u);
  EXPECT_EQ(run["pictures"]["samples"][3]["epoch"], 4);
  EXPECT_EQ(run["pictures"]["samples"][3]["width"], 4) << "one pixel for two by two equal ones";
  EXPECT_TRUE(run["pictures"].contains("neighbours"));
  EXPECT_FALSE(run["pictures"].contains("latents"));
}

TEST(HtmlReport, KeepsWhatWasMeasuredInAnEarlierEpoch) {
  TemporaryFolder folder;
  write_run(folder / "run", 5);
  const json metrics = report_of(folder / "run")["runs"][0]["figures"];
  ASSERT_EQ(metrics.size(), 3u);
  EXPECT_EQ(metrics[1], json::parse(R"({"split":"test","name":"loss","value":20,"epoch":5})"));
  EXPECT_EQ(metrics[2], json::parse(R"({"split":"test","name":"fid","value":40,"epoch":4})"));
}

TEST(HtmlReport, HasACurveForEachMetric) {
  TemporaryFolder folder;
  write_run(folder / "run", 4);
  const json data = report_of(folder / "run");
  ASSERT_EQ(data["charts"].size(), 3u);
  EXPECT_EQ(data["charts"][0]["group"], "loss");
  EXPECT_EQ(data["charts"][0]["series"][1]["name"], "test");
  EXPECT_EQ(data["charts"][0]["series"][1]["y"], json::parse("[100, 50, 33.33333, 25]"));
  EXPECT_EQ(data["charts"][1]["group"], "fid");
  EXPECT_EQ(data["charts"][1]["series"][0]["x"], json::parse("[2, 4]")) << "nan is left out";
  EXPECT_EQ(data["charts"][2]["group"], "images_per_second");
}

TEST(HtmlReport, HasCurvesByStepBesideThoseByEpoch) {
  TemporaryFolder folder;
  write_run(folder / "run", 4);
  std::ofstream(RunFolder(folder / "run").steps())
      << "step,train_d_loss,train_g_loss\n20,1.5,nan\n40,1.25,0.5\n";
  const json data = report_of(folder / "run");
  ASSERT_EQ(data["charts"].size(), 4u);
  EXPECT_EQ(data["charts"][0]["by"], "epoch");
  const json& by_step = data["charts"][3];
  EXPECT_EQ(by_step["by"], "step");
  EXPECT_EQ(by_step["group"], "loss");
  EXPECT_EQ(by_step["series"][0]["name"], "train d_loss");
  EXPECT_EQ(by_step["series"][0]["x"], json::parse("[20, 40]"));
  EXPECT_EQ(by_step["series"][1]["y"], json::parse("[0.5]"));
}

// What relates steps, epochs and times: 500 images a second for two seconds.
TEST(HtmlReport, KnowsTheStepsAndSecondsOfEpochs) {
  TemporaryFolder folder;
  write_run(folder / "run", 2);
  const json run = report_of(folder / "run")["runs"][0];
  EXPECT_EQ(run["steps_per_epoch"], std::lround(1000 / run["batch"].get<double>()));
  EXPECT_EQ(run["epoch_seconds"], json::parse("[2, 2]"));
}

TEST(HtmlReport, AveragesNeighboursOfLongCurves) {
  const std::vector<formats::Point> points{{10, 1}, {20, 3}, {30, 5}, {40, 9}, {50, 4}};
  auto thinned = [&](size_t most) {
    json all = json::array();
    for (formats::Point point : report::thinned(points, most)) all.push_back({point.x, point.y});
    return all;
  };
  EXPECT_EQ(thinned(3), json::parse("[[20, 2], [40, 7], [50, 4]]"));
  EXPECT_EQ(thinned(5).size(), 5u);
  EXPECT_EQ(report::thinned({}, 5).size(), 0u);
}

TEST(HtmlReport, FetchesNothing) {
  TemporaryFolder folder;
  write_run(folder / "run", 1);
  const report::ReportedRun run = report::reported_run(folder / "run");
  const std::string page = report::report_page({&run, 1});
  EXPECT_TRUE(contains(page, "default-src 'none'"));
  for (const char* part : {" src=\"http", "<link", "@import", "url("}) {
    EXPECT_EQ(page.find(part), page.npos) << part;
  }
  EXPECT_EQ(contains(page, "var uPlot="), report::has_chart_library());
  EXPECT_EQ(contains(page, "Leon Sorokin"), report::has_chart_library()) << "with its licence";
}

TEST(HtmlReport, EscapesTexts) {
  const std::string name = "</script><b>\"&'\xff";
  const std::string page =
      report::html_page(name, {{"runs", json::array({name})}, {"@script@", "@data@"}});
  EXPECT_TRUE(contains(page, "<title>&lt;/script&gt;&lt;b&gt;&quot;&amp;'"));
  EXPECT_EQ(page.find("<b>"), page.npos);
  const json data = data_of(page);
  EXPECT_EQ(data["runs"][0], "</script><b>\"&'\xef\xbf\xbd");
  EXPECT_EQ(data["@script@"], "@data@");
}

TEST(HtmlReport, EncodesBase64) {
  EXPECT_EQ(report::data_uri("a/b", ""), "data:a/b;base64,");
  EXPECT_EQ(report::data_uri("a/b", "M"), "data:a/b;base64,TQ==");
  EXPECT_EQ(report::data_uri("a/b", "Ma"), "data:a/b;base64,TWE=");
  EXPECT_EQ(report::data_uri("a/b", "Man\xff"), "data:a/b;base64,TWFu/w==");
}

TEST(HtmlReport, SpreadsEpochs) {
  const std::vector<uint32_t> all{1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11};
  EXPECT_EQ(report::spread(all, 20), all);
  EXPECT_EQ(report::spread(all, 3), (std::vector<uint32_t>{1, 6, 11}));
  EXPECT_EQ(report::spread(all, 1), (std::vector<uint32_t>{11}));
}

formats::Image noise(uint32_t side) {
  formats::Image image{.width = side, .height = side, .channels = 3, .pixels = {}};
  uint32_t state = 1;
  for (uint32_t i = 0; i < side * side * 3; ++i) {
    image.pixels.push_back(static_cast<uint8_t>((state = state * 1664525 + 1013904223) >> 24));
  }
  return image;
}

TEST(HtmlReport, StaysSmall) {
  TemporaryFolder folder;
  write_run(folder / "run", 100);
  for (uint32_t epoch = 1; epoch <= 100; ++epoch) {
    formats::write_grid(RunFolder(folder / "run").samples(epoch),
                        noise(331));  // like ten by ten images of 32x32x3
  }
  std::string steps = "step,train_loss\n";
  for (int step = 20; step <= 200'000; step += 20) steps += fmt::format("{},1.2345678\n", step);
  std::ofstream(RunFolder(folder / "run").steps()) << steps;
  std::vector<report::ReportedRun> runs{report::reported_run(folder / "run"),
                                        report::reported_run(folder / "run")};
  for (size_t count : {1, 2}) {
    const std::string page = report::report_page(std::span(runs).first(count));
    EXPECT_LT(page.size(), 5'000'000u);
    const json samples = data_of(page)["runs"][0]["pictures"]["samples"];
    EXPECT_GE(samples.size(), 2 / count);
    EXPECT_EQ(samples.back()["epoch"], 100);
  }
  EXPECT_EQ(report_of(folder / "run")["runs"][0]["pictures"]["reconstructions"].size(), 25u);
}

TEST(HtmlReport, PutsRunsSideBySide) {
  TemporaryFolder folder;
  write_run(folder / "a/run", 2);
  write_run(folder / "b/run", 3);
  std::vector<report::ReportedRun> runs{report::reported_run(folder / "a/run"),
                                        report::reported_run(folder / "b/run/")};
  report::tell_apart(runs);
  const json data = data_of(report::report_page(runs));
  EXPECT_EQ(data["runs"][1]["name"], (folder / "b/run/").string());
  ASSERT_EQ(data["charts"][0]["series"].size(), 4u);
  EXPECT_EQ(data["charts"][0]["series"][2]["run"], 1);
  EXPECT_EQ(data["charts"][0]["series"][2]["x"].size(), 3u);
}

TEST(HtmlReport, ReportsWhatIsMissingOrBroken) {
  TemporaryFolder folder;
  write_run(folder / "run", 2);
  std::ofstream(folder / "run/samples/epoch-0002.png") << "no image at all";
  std::ofstream(folder / "run/evaluation.json") << "{";
  std::ofstream(folder / "run/checkpoint.safetensors") << "short";
  const json run = report_of(folder / "run")["runs"][0];
  const std::string notes = run["notes"].dump();
  EXPECT_TRUE(contains(notes, "epoch-0002.png: is not a PNG file"));
  EXPECT_TRUE(contains(notes, "checkpoint.safetensors: "));
  EXPECT_TRUE(contains(notes, "evaluation.json: expected JSON as `pumice evaluate` writes it"));
  EXPECT_EQ(run["notes"].size(), 3u) << notes;
  EXPECT_EQ(run["pictures"]["reconstructions"].size(), 2u);
  EXPECT_EQ(run["networks"].size(), 2u) << "from the recipe";
}

// A resumed run names both commands; one of an earlier version has an image of its latents.
TEST(HtmlReport, SaysWhenAndHowARunWasTrained) {
  TemporaryFolder folder;
  write_run(folder / "run", 2);
  test::write_plain_png(folder / "run/latents.png", {1, 2, 3});
  std::ofstream(RunFolder(folder / "run").metrics_lines())
      << R"({"epoch":1,"program":"pumice 1","started_by":"pumice train a","time":"2026-11-28T04:10:00Z"})"
      << "\n"
      << R"({"epoch":2,"program":"pumice 1","started_by":"pumice train --resume b","time":"2026-11-29T04:10:00Z"})"
      << "\n";
  const json run = report_of(folder / "run")["runs"][0];
  EXPECT_EQ(run["commands"], json::parse(R"(["pumice train a", "pumice train --resume b"])"));
  EXPECT_EQ(run["programs"], json::parse(R"(["pumice 1"])"));
  EXPECT_EQ(run["times"], json::parse(R"(["2026-11-28T04:10:00Z", "2026-11-29T04:10:00Z"])"));
  EXPECT_TRUE(run["pictures"].contains("latents"));
}

TEST(HtmlReport, LeavesOutDamagedPoints) {
  TemporaryFolder folder;
  write_run(folder / "run", 2);
  for (const char* content : {"{", "[]", R"({"reach": 4, "x": [1, 2], "y": [1]})",
                              R"({"reach": 4, "x": [1], "y": ["<b>"]})", R"({"x": [1], "y": [1]})",
                              R"({"reach": 4, "x": [1], "y": [1], "labels": []})",
                              R"({"reach": 4, "x": [1], "y": [1], "thumbnails": {}})"}) {
    std::ofstream(RunFolder(folder / "run").latent_points()) << content;
    const json run = report_of(folder / "run")["runs"][0];
    EXPECT_TRUE(
        contains(run["notes"].dump(), "latents.json: expected points as training writes them"))
        << content;
    EXPECT_FALSE(run["pictures"].contains("scatter"));
  }
}

TEST(HtmlReport, ExpectsARun) {
  TemporaryFolder folder;
  EXPECT_EQ(error_of([&] { report::reported_run(folder.path()); }),
            folder.path().string() +
                ": expected the folder of a run, found no metrics.csv and no "
                "checkpoint.safetensors in it");
}

/// Tiny runs of the program.
class ReportCommand : public testing::Test {
 protected:
  ReportCommand() { test::write_tiny_mnist(data_, 64, 20); }
  std::string train(const std::string& name, const std::string& recipe) const {
    const std::string run = folder_ / name;
    const test::ProgramResult result = test::run_program(
        {"train", data_.file(name + ".toml", recipe), "--data", data_.path(), "--out", run});
    EXPECT_EQ(result.exit_code, 0) << result.err;
    EXPECT_TRUE(contains(result.out, "report.html"));
    return run;
  }

  TemporaryFolder data_;
  TemporaryFolder folder_;
};

TEST_F(ReportCommand, EveryRunEndsWithAReport) {
  std::string recipe = test::kTinyRecipe;
  recipe.replace(recipe.find("size = 2"), 8, "size = 3");
  const json vae = data_of(content_of(train("vae", recipe) + "/report.html"))["runs"][0];
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
  const json gan = data_of(content_of(train("gan", test::kTinyGan) + "/report.html"))["runs"][0];
  EXPECT_EQ(gan["pictures"]["reconstructions"].size(), 0u);
  EXPECT_TRUE(gan["pictures"].contains("interpolation"));
  EXPECT_EQ(gan["devices"].size(), 1u);
  const json classifier =
      data_of(content_of(train("classifier", test::kTinyClassifier) + "/report.html"))["runs"][0];
  EXPECT_EQ(classifier["pictures"]["samples"].size(), 0u);
  EXPECT_EQ(classifier["notes"].dump(), "[]");
  EXPECT_FALSE(classifier.contains("serve_command")) << "it has no images to show";
  EXPECT_FALSE(std::filesystem::exists(folder_ / "classifier/samples"));
}

// As left by an interruption within the first epoch.
TEST_F(ReportCommand, ShowsARunThatCompletedNoEpoch) {
  test::write_tiny_mnist(data_, 4096, 20);
  const std::string run = folder_ / "run", out = folder_ / "page.html";
  test::Program program({"train", data_.file("tiny.toml", test::slow_recipe()), "--batch", "4",
                         "--data", data_.path(), "--out", run, "--json"});
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
  expect_shown(data_of(content_of(run + "/report.html")));
  ASSERT_TRUE(std::filesystem::remove(RunFolder(run).samples_within_first_epoch()));
  ASSERT_EQ(test::run_program({"report", run, "--out", out, "--data", data_.path()}).exit_code, 0);
  expect_shown(data_of(content_of(out)));
  ASSERT_EQ(test::run_program({"train", "--resume", run, "--data", data_.path()}).exit_code, 0);
  EXPECT_FALSE(data_of(content_of(run + "/report.html"))["runs"][0]["pictures"].contains(
      "samples_within_first_epoch"));
}

TEST_F(ReportCommand, DrawsWhatARunLacks) {
  const std::filesystem::path run = train("run", test::kTinyRecipe);
  for (const char* name : {"interpolation.png", "latents.json"}) {
    std::filesystem::remove(run / name);
  }
  const std::string out = folder_ / "page.html";
  ASSERT_EQ(test::run_program({"report", run, "--out", out, "--data", data_.path()}).exit_code, 0);
  const json whole = data_of(content_of(out))["runs"][0];
  EXPECT_TRUE(whole["pictures"].contains("interpolation"));
  EXPECT_TRUE(whole["pictures"].contains("scatter"));
  const test::ProgramResult without =
      test::run_program({"report", run, "--out", out, "--data", folder_.path()});
  EXPECT_EQ(without.exit_code, 0);
  EXPECT_TRUE(contains(without.err, "left out images that need the model: "));
  EXPECT_EQ(data_of(content_of(out))["runs"][0]["notes"].size(), 1u);
  const std::string checkpoint = run / "checkpoint.safetensors";
  ASSERT_EQ(test::run_program({"report", checkpoint, "--out", out}).exit_code, 0);
  EXPECT_EQ(data_of(content_of(out))["runs"][0]["name"], "run");
  EXPECT_EQ(test::run_program({"report", run, "--out", out, "--device", "nope"}).exit_code, 1);
  std::ofstream(checkpoint) << "short";
  ASSERT_EQ(test::run_program({"report", run, "--out", out}).exit_code, 0);
  EXPECT_EQ(data_of(content_of(out))["runs"][0]["notes"].size(), 1u) << "told once";
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
