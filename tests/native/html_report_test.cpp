#include <gtest/gtest.h>

#include <cmath>
#include <nlohmann/json.hpp>

#include "native/report/page.h"
#include "native/report/report_page.h"
#include "native/report/run_images.h"
#include "tests/native/report_data.h"
#include "tests/support/contains.h"
#include "tests/support/errors.h"
#include "tests/support/images.h"
#include "tests/support/tiny_mnist.h"

namespace pumice {
namespace {

using nlohmann::json;
using test::contains;
using test::error_of;
using test::report_data;
using test::TemporaryFolder;

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
  return report_data(report::report_page({&reported, 1}));
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
  const json data = report_data(page);
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
    const json samples = report_data(page)["runs"][0]["pictures"]["samples"];
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
  report::distinguish_names(runs);
  const json data = report_data(report::report_page(runs));
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

}  // namespace
}  // namespace pumice
