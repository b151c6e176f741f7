#include <gtest/gtest.h>

#include <cstdlib>

#include "native/sweeps/comparison_image.h"
#include "native/sweeps/sweep_folder.h"
#include "native/sweeps/sweep_minutes.h"
#include "native/sweeps/sweep_report.h"
#include "tests/support/contains.h"
#include "tests/support/errors.h"
#include "tests/support/run_labels.h"
#include "tests/support/specs.h"
#include "tests/support/temporary_folder.h"

namespace pumice {
namespace {

using test::contains;
using test::error_of;
using test::run_labels;
using test::TemporaryFolder;
using Texts = std::vector<std::string>;

Sweep parsed_study(const std::string& rest, const SweepChanges& changes = {}) {
  return parse_sweep("name = 's'\n" + rest, "s.toml", changes);
}

std::string study_refusal(const std::string& rest) {
  return error_of([&] { parsed_study(rest); });
}

constexpr const char* kTwo = R"(
[set]
train.epochs = 7
train.batch = 32
[[run]]
recipe = "vae-mlp-mnist"
set.train.epochs = 5
[[run]]
recipe = "gan-mlp-mnist"
name = "gan"
given = "FID 12.7"
set.loss.kind = "wasserstein"
)";

TEST(Study, ListsRunsOfDifferentRecipes) {
  const Sweep sweep = parsed_study(kTwo);
  EXPECT_EQ(run_labels(sweep), (Texts{"vae-mlp-mnist", "gan"}));
  EXPECT_EQ(sweep.runs[0].recipe.train.epochs, 5u);
  EXPECT_EQ(sweep.runs[0].recipe.train.batch, 32u);
  EXPECT_EQ(sweep.runs[1].folder, "2-gan");
  EXPECT_EQ(sweep.runs[1].given, "FID 12.7");
  EXPECT_EQ(sweep.runs[1].recipe.train.epochs, 7u);
  EXPECT_EQ(test::gan(sweep.runs[1].recipe).loss, models::GanSpec::Loss{.kind = "wasserstein"});
}

TEST(Study, IsChangedOnTheCommandLine) {
  const Sweep sweep = parsed_study(kTwo, {.set = {"train.epochs=1"}, .seeds = {3, 4}});
  EXPECT_EQ(run_labels(sweep), (Texts{"vae-mlp-mnist: seed=3", "vae-mlp-mnist: seed=4",
                                      "gan: seed=3", "gan: seed=4"}));
  EXPECT_EQ(sweep.runs[0].recipe.train.epochs, 1u);
  EXPECT_EQ(sweep.runs[3].recipe.seed, 4u);
  EXPECT_EQ(sweep.runs[3].folder, "4-gan_seed-4");
}

TEST(Study, ListsRunsBesideGridsAndSweeps) {
  const Sweep sweep = parsed_study(R"(recipe = "vae-mlp-mnist"
[[run]]
set.latent.size = 7
[[run]]
sweep = "sweep-gan-mnist"
set.train.epochs = 3
[grid]
latent.size = [2, 3]
)");
  EXPECT_EQ(run_labels(sweep),
            (Texts{"vae-mlp-mnist", "sweep-gan-mnist: latent.size=100",
                   "sweep-gan-mnist: latent.size=350", "sweep-gan-mnist: latent.size=500",
                   "sweep-gan-mnist: latent.size=750", "sweep-gan-mnist: latent.size=1000",
                   "vae-mlp-mnist: latent.size=2", "vae-mlp-mnist: latent.size=3"}));
  EXPECT_EQ(test::vae(sweep.runs[0].recipe).latent_size, 7u);
  EXPECT_EQ(sweep.runs[2].recipe.train.epochs, 3u);
  EXPECT_EQ(sweep.runs[2].recipe.train.batch, 256u);
}

TEST(Study, RefusesWhatMakesNoSense) {
  EXPECT_EQ(study_refusal("[[run]]\nname = 'x'\n"),
            "s.toml:2:1: key 'run.recipe' is missing: expected a recipe's name or file");
  EXPECT_EQ(study_refusal("[[run]]\nrecipe = 'a'\nsweep = 'b'\n"),
            "s.toml:2:1: expected a recipe or a sweep, got both");
  EXPECT_TRUE(study_refusal("[[run]]\nrecipes = 'a'\n")
                  .starts_with("s.toml:3:11: unknown key 'run.recipes'; did you mean"));
  EXPECT_TRUE(contains(study_refusal("[[run]]\nsweep = 'report-a'\n"),
                       "report-a.toml: expected a sweep of grids and lists, found [[run]]"));
  const std::string run = "[[run]]\nrecipe = 'vae-mlp-mnist'\n";
  EXPECT_TRUE(
      contains(study_refusal("shows = ['sample']\n" + run), "there is no 'sample', only samples"));
  EXPECT_EQ(study_refusal("gives = 'much'\n" + run),
            "s.toml:2:9: key 'gives': expected an array of texts");
  EXPECT_TRUE(contains(study_refusal("[evaluate]\nsample = 3\n" + run),
                       "did you mean 'evaluate.samples'?"));
  EXPECT_EQ(study_refusal(run + "set.latent.size = 3\n" + run),
            "s.toml: two runs are called 'vae-mlp-mnist': give each [[run]] a name of its own");
  EXPECT_EQ(study_refusal("[[run]]\nsweep = 'sweep-gan-mnist'\nset.latent.size = 3\n"),
            "set.latent.size=3: the sweep sweep-gan-mnist varies 'latent.size' itself");
  EXPECT_TRUE(contains(study_refusal(run + "set.latent.sise = 3\n"),
                       "s.toml: vae-mlp-mnist: --set latent.sise=3: unknown key"));
}

TEST(Study, LeavesOutRunsWithoutTheirImages) {
  const TemporaryFolder data;
  setenv("PUMICE_DATA", data.path().c_str(), 1);
  const Sweep without = load_sweep("report-d");
  std::filesystem::create_directory(data / "imagenette");
  const Sweep with = load_sweep("report-d");
  unsetenv("PUMICE_DATA");
  EXPECT_EQ(run_labels(without), (Texts{"vae-mlp-mnist-1m5", "gan-mlp-mnist"}));
  ASSERT_EQ(without.left_out.size(), 2u);
  EXPECT_EQ(without.left_out[0],
            "vae-mlp-imagenette: " + (data / "imagenette").string() + ": no such folder of images");
  ASSERT_EQ(with.runs.size(), 4u);
  EXPECT_EQ(with.runs[3].recipe.data.path, (data / "imagenette").string());
}

// Their systems and schedules.
TEST(Study, HoldsTheReports) {
  const Sweep a = load_sweep("report-a");
  EXPECT_EQ(run_labels(a), (Texts{"vae-lstm-mnist", "gan-mlp-mnist", "wgan-mlp-mnist"}));
  EXPECT_EQ(a.runs[2].given, "IS 1.00036 ± 0.00011");
  const Sweep b = load_sweep("report-b");
  EXPECT_EQ(run_labels(b), (Texts{"vae-mlp-mnist", "vae-mlp-mnist-z2", "gan-mlp-mnist-z128",
                                  "wgan-mlp-mnist", "dcwgan-mnist", "vae-conv-cifar10",
                                  "vae-mlp-cifar10", "dcgan-cifar10", "dcwgan-cifar10"}));
  for (const SweepRun& run : b.runs) EXPECT_EQ(run.recipe.train.epochs, 200u) << run.name;
  const Sweep c = load_sweep("report-c");
  ASSERT_EQ(c.runs.size(), 4u);
  EXPECT_EQ(c.runs[0].recipe.train.batch, 256u);
  EXPECT_EQ(c.runs[1].recipe.train.epochs, 50u);
  for (const SweepRun& run : c.runs) EXPECT_GT(run.recipe.evaluate.every, 0u) << run.name;
  for (const SweepRun& run : load_sweep("report-d").runs) EXPECT_EQ(run.recipe.train.epochs, 10u);
  const Sweep e = load_sweep("report-e");
  EXPECT_EQ(e.runs.size(), 10u + 11 + 4 * 5);
  EXPECT_EQ(e.runs.back().label(), "sweep-wgan-cifar10: latent.size=1000");
  EXPECT_EQ(e.runs.back().recipe.train.epochs, 1000u);
  for (const Sweep* sweep : {&a, &b, &c, &e}) {
    EXPECT_FALSE(sweep->study.source.empty());
    EXPECT_FALSE(sweep->study.concludes.empty());
    EXPECT_EQ(sweep->study.evaluation.samples, 10'000u);
  }
}

TEST(Study, IsKeptInItsFolder) {
  const TemporaryFolder temporary;
  const SweepFolder folder(temporary / "s-1");
  Sweep sweep = load_sweep("report-a");
  sweep.minutes = 6;
  folder.begin(sweep);
  const Sweep read = folder.read();
  EXPECT_EQ(run_labels(read), run_labels(sweep));
  EXPECT_EQ(read.runs[1].given, sweep.runs[1].given);
  EXPECT_EQ(read.study.source, sweep.study.source);
  EXPECT_EQ(read.study.gives, sweep.study.gives);
  EXPECT_EQ(read.study.shows, sweep.study.shows);
  EXPECT_TRUE(read.study.evaluation.wanted);
  EXPECT_EQ(read.study.evaluation.repeats, 5u);
  EXPECT_EQ(read.minutes_of_run(), 2);
  sweep.minutes = 9;
  folder.begin(sweep);
  EXPECT_EQ(folder.read().minutes, 9);
}

TEST(Study, PassesUnusedMinutesToLaterRuns) {
  Sweep sweep = load_sweep("report-a");
  sweep.minutes = 9;
  std::vector<RunResult> results(3);
  EXPECT_EQ(minutes_of_next_run(sweep, results, {}), 3);
  results[0].state = RunState::kDone;
  results[0].spent_seconds = 60;
  EXPECT_EQ(minutes_of_next_run(sweep, results, {}), 4) << "two minutes more for two runs";
  EXPECT_EQ(minutes_of_next_run(sweep, results, {{1, 4}}), 4) << "the other has its four";
  results[1].state = RunState::kTrained;
  results[1].spent_seconds = 30;
  EXPECT_EQ(minutes_of_next_run(sweep, results, {}), 7.5);
  results[1].spent_seconds = 500;
  EXPECT_EQ(minutes_of_next_run(sweep, results, {}), 3) << "never less than its own part";
}

TEST(StudyReport, PutsDifferentMeasuresIntoDifferentPlots) {
  const Sweep sweep = parsed_study(kTwo + std::string("[[run]]\nrecipe = 'gan-mlp-mnist'\n"));
  std::vector<RunResult> results(3);
  results[0].metrics = {{.epoch = 1, .train = {{"loss", 2}}, .test = {}}};
  for (size_t i : {1, 2}) {
    results[i].metrics = {{.epoch = 1, .train = {{"d_loss", 2}, {"js", 0.1}}, .test = {}}};
  }
  Texts groups;
  for (const views::Curves& curves : sweep_curves(sweep, results)) groups.push_back(curves.group);
  EXPECT_EQ(groups, (Texts{"loss-train-vae-bce-kl", "loss-train-d_loss-gan-wasserstein", "js-train",
                           "loss-train-d_loss-gan-non-saturating"}));
}

TEST(StudyReport, ShowsEvaluationsAndSchedules) {
  const Sweep sweep = parsed_study(kTwo);
  std::vector<RunResult> results(2);
  results[0] = {.state = RunState::kShort, .epochs = 1.25};
  results[0].evaluation = RunEvaluation{.extractor = "x 0123",
                                        .extractor_hash = "0123",
                                        .step = 5,
                                        .metrics = {{"fid", 31.25, 0.5}, {"kid", 1}}};
  const std::string csv = sweep_table(sweep, results).csv();
  EXPECT_TRUE(
      contains(csv, "run,name,status,parameters,epochs,planned,seconds,fid,extractor,source\n"));
  EXPECT_TRUE(contains(csv, "1,vae-mlp-mnist,short,,1.25,5,0.0,31.25 ± 0.5,0123,\n"));
  EXPECT_TRUE(contains(csv, "2,gan,new,,0,7,0.0,,,FID 12.7\n"));
}

TEST(StudyReport, DescribesModels) {
  const TemporaryFolder temporary;
  const Sweep sweep = parsed_study(kTwo + std::string("[[run]]\nrecipe = 'vae-lstm-mnist'\n"));
  std::vector<RunResult> results(3);
  results[0].state = RunState::kDone;
  results[0].epochs = 5;
  results[0].metrics = {{.epoch = 5,
                         .train = {{"loss", 100}},
                         .test = {{"loss", 110}, {"reconstruction", 90}, {"kl", 20}}}};
  results[1].state = RunState::kShort;
  results[1].epochs = 1.5;
  results[1].evaluation = RunEvaluation{.extractor = "x", .metrics = {{"fid", 31.25, 0.5}}};
  const SweepFolder folder(temporary / "s");
  const std::vector<ComparedModel> models = compared_models(folder, sweep, results);
  ASSERT_EQ(models.size(), 3u);
  EXPECT_EQ(models[0].network, "encoder: 3 linear; decoder: 3 linear");
  EXPECT_EQ(models[0].latent, "128");
  EXPECT_EQ(models[0].loss, "bce + kl");
  EXPECT_EQ(models[0].optimizer, "adam 0.001");
  EXPECT_EQ(models[0].epochs, "5");
  EXPECT_EQ(models[0].losses, "loss 110, kl 20");
  EXPECT_EQ(models[1].parameters, "1,486,352 + 1,460,225 = 2,946,577");
  EXPECT_EQ(models[1].loss, "wasserstein");
  EXPECT_EQ(models[1].epochs, "1.50 of 7, short");
  EXPECT_EQ(models[1].fid, "31.25 ± 0.5");
  EXPECT_EQ(models[2].network.substr(0, 23), "encoder: lstm, linear; ");
  EXPECT_TRUE(models[2].network.ends_with("decoder: 3 conv_transpose2d, linear"));
  const std::string html = comparison_html(models);
  EXPECT_TRUE(contains(html, "<th>FID</th><th>source</th><th>images</th>"));
  EXPECT_FALSE(contains(html, "Inception")) << "no model has one";
  EXPECT_TRUE(contains(comparison_markdown(models), "| gan | generator: 4 linear; "));
}

// The largest table of the reports fits into one image.
TEST(StudyReport, PutsAllImagesIntoOne) {
  const TemporaryFolder temporary;
  formats::write_png(
      temporary / "a.png",
      {.width = 10, .height = 660, .channels = 1, .pixels = std::vector<uint8_t>(6600, 50)});
  ComparedModel with, without;
  with.name = "with";
  with.fid = "1 ± 2";
  with.images = {{"samples", "a.png"}};
  without.name = "without";
  without.images = {{"samples", "missing.png"}};
  const formats::Image image = comparison_image(temporary.path(), {with, without});
  EXPECT_EQ(image.height, 12u + (26 + 330 + 12) + (26 + 12))
      << "halved to 330 pixels, below a name";
  EXPECT_EQ(image.width, 470u + 12 + 7 * 12 + 12) << "as wide as the name \"samples\"";
  EXPECT_EQ(image.pixels[(38ull * image.width + 470) * 3], 50);
  EXPECT_EQ(image.pixels[(38ull * image.width + 475) * 3], 255);
}

TEST(StudyReport, BreaksLongLinesOfTheImage) {
  ComparedModel model;
  model.name = "model";
  model.source = "FID 12.7 ± 3.5; 1,486,352 + 1,460,225 parameters";  // 39 letters to "1,460,225"
  EXPECT_EQ(comparison_image(".", {model}).height, 12u + 3 * 26 + 12);
  model.source = std::string(100, 'x');  // "source: " and 100 letters
  EXPECT_EQ(comparison_image(".", {model}).height, 12u + 5 * 26 + 12);
  model.source = model.network = "";
  model.log_likelihood = "-90.1";
  model.loss = "bce + kl";
  EXPECT_EQ(comparison_image(".", {model}).height, 12u + 3 * 26 + 12);
  const std::string note(39, 'x');  // 482 - 24 pixels hold 38 letters of 12
  EXPECT_EQ(comparison_image(".", {model}, note).height, 12u + 3 * 26 + 12 + 2 * 26);
}

}  // namespace
}  // namespace pumice
