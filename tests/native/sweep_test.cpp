#include "native/sweeps/sweep.h"
#include "engine/nn/layers/linear.h"

#include <gtest/gtest.h>

#include "engine/models/model.h"
#include "native/recipes/built_in_files.h"
#include "native/sweeps/sweep_report.h"
#include "native/training/model_recipe.h"
#include "tests/support/contains.h"
#include "tests/support/errors.h"
#include "tests/support/run_labels.h"
#include "tests/support/specs.h"
#include "tests/support/temporary_folder.h"
#include "tests/support/tiny_mnist.h"

namespace pumice {
namespace {

using test::contains;
using test::error_of;
using test::gan;
using test::run_labels;
using test::vae;
using Texts = std::vector<std::string>;

constexpr const char* kHead = "name = \"s\"\nrecipe = \"vae-mlp-mnist\"\n";

Sweep parsed(const std::string& rest, const SweepChanges& changes = {}) {
  return parse_sweep(kHead + rest, "s.toml", changes);
}

std::string refusal(const std::string& rest, const SweepChanges& changes = {}) {
  return error_of([&] { parsed(rest, changes); });
}

TEST(Sweep, MultipliesGrids) {
  const Sweep sweep = parsed("[grid]\nlatent.size = [2, 3]\nloss.kl_weight = [1, 0.5]\n");
  EXPECT_EQ(run_labels(sweep),
            (Texts{"latent.size=2, loss.kl_weight=1", "latent.size=2, loss.kl_weight=0.5",
                   "latent.size=3, loss.kl_weight=1", "latent.size=3, loss.kl_weight=0.5"}));
  EXPECT_EQ(sweep.runs[1].folder, "2-latent.size-2_loss.kl_weight-0.5");
  EXPECT_EQ(vae(sweep.runs[3].recipe).latent_size, 3u);
  EXPECT_EQ(vae(sweep.runs[3].recipe).loss.kl_weight, 0.5);
}

TEST(Sweep, TakesListsTogether) {
  const Sweep sweep = parsed(R"(
[set]
train.epochs = 7
[[list]]
optimizer.name = ["adam", "sgd"]
optimizer.learning_rate = [1e-3, 0.1]
train.batch = 64
[[list]]
optimizer.name = "rmsprop"
)");
  EXPECT_EQ(run_labels(sweep),
            (Texts{"optimizer.name=adam, optimizer.learning_rate=0.001, train.batch=64",
                   "optimizer.name=sgd, optimizer.learning_rate=0.1, train.batch=64",
                   "optimizer.name=rmsprop"}));
  EXPECT_EQ(vae(sweep.runs[1].recipe).optimizer.learning_rate, 0.1);
  EXPECT_EQ(sweep.runs[2].recipe.train.batch, 128u);
  EXPECT_EQ(sweep.runs[2].recipe.train.epochs, 7u);
}

// The recipe has beta1 and beta2, which RMSprop and SGD do not.
TEST(Sweep, ChoosesOptimizers) {
  const std::string grid = "[grid]\noptimizer.name = ['adam', 'rmsprop', 'sgd']\n";
  const Sweep sweep = parse_sweep("name = 's'\nrecipe = 'gan-mlp-mnist'\n" + grid, "s.toml");
  ASSERT_EQ(run_labels(sweep),
            (Texts{"optimizer.name=adam", "optimizer.name=rmsprop", "optimizer.name=sgd"}));
  EXPECT_EQ(sweep.runs[0].recipe, load_recipe("gan-mlp-mnist"));
  EXPECT_NE(gan(sweep.runs[0].recipe).optimizer.beta1, optim::OptimizerSpec{}.beta1);
  for (const SweepRun& run : sweep.runs) {
    if (gan(run.recipe).optimizer.name == "adam") continue;
    EXPECT_EQ(gan(run.recipe).optimizer.beta1, optim::OptimizerSpec{}.beta1);
    EXPECT_EQ(gan(run.recipe).generator_optimizer, gan(run.recipe).optimizer);
  }
}

// The values in [set] replace those of the recipe.
TEST(Sweep, SetsKeysOfTheRunsThatHaveThem) {
  const std::string rest =
      "[set]\noptimizer.beta1 = 0.25\n[grid]\noptimizer.name = ['adam', 'rmsprop', 'sgd']\n";
  for (const char* own : {"adam", "sgd"}) {
    test::TemporaryFolder folder;
    Recipe recipe = load_recipe("vae-mlp-mnist");
    vae(recipe).optimizer = {.name = own};
    const std::string file = folder.file("r.toml", to_toml(recipe));
    const Sweep sweep =
        parse_sweep(fmt::format("name = 's'\nrecipe = '{}'\n{}", file, rest), "s.toml");
    ASSERT_EQ(sweep.runs.size(), 3u);
    EXPECT_EQ(vae(sweep.runs[0].recipe).optimizer.beta1, 0.25) << own;
    for (size_t i : {1, 2}) {
      EXPECT_EQ(vae(sweep.runs[i].recipe).optimizer.beta1, optim::OptimizerSpec{}.beta1) << own;
    }
    EXPECT_EQ(vae(sweep.runs[1].recipe).optimizer.name, "rmsprop");
    EXPECT_EQ(vae(sweep.runs[2].recipe).optimizer.name, "sgd");
  }
  const Sweep gans =
      load_sweep("sweep-gan-mnist", {.set = {"optimizer.name=rmsprop"}, .seeds = {}});
  ASSERT_EQ(gans.runs.size(), 5u);
  for (const SweepRun& run : gans.runs) {
    EXPECT_EQ(gan(run.recipe).optimizer.name, "rmsprop");
    EXPECT_EQ(gan(run.recipe).optimizer.learning_rate, 2e-4);
    EXPECT_EQ(gan(run.recipe).optimizer.beta1, optim::OptimizerSpec{}.beta1);
  }
}

TEST(Sweep, RefusesKeysThatTheirRunLacks) {
  const std::string grid = "[grid]\noptimizer.name = ['adam', 'sgd']\n";
  EXPECT_TRUE(contains(refusal(grid, {.set = {"optimizer.beta1=0.5"}, .seeds = {}}),
                       "s.toml: optimizer.name=sgd: --set optimizer.beta1=0.5: unknown key"));
  EXPECT_TRUE(contains(refusal(grid + "optimizer.beta1 = [0.5]\n"),
                       "--set optimizer.beta1=0.5: unknown key 'optimizer.beta1'"));
  EXPECT_TRUE(contains(refusal("[set]\noptimizer.name = 'sgd'\noptimizer.beta1 = 0.5\n"),
                       "--set optimizer.beta1=0.5: unknown key 'optimizer.beta1'"));
  EXPECT_TRUE(contains(refusal("[set]\noptimizer.beta3 = 0.5\n" + grid),
                       "--set optimizer.beta3=0.5: unknown key 'optimizer.beta3'"));
}

TEST(Sweep, TakesTextsAsTheyAreWritten) {
  const Sweep sweep = parsed("[grid]\ndata.path = [2024, 2024-05-01, true, '7']\n",
                             {.set = {"data.name=folder", "name=2024"}, .seeds = {}});
  ASSERT_EQ(sweep.runs.size(), 4u);
  Texts paths;
  for (const SweepRun& run : sweep.runs) {
    EXPECT_EQ(run.recipe.name, "2024");
    paths.push_back(run.recipe.data.path);
  }
  EXPECT_EQ(paths, (Texts{"2024", "2024-05-01", "true", "7"}));
}

TEST(Sweep, NamesChoicesOfSeveralKeys) {
  const Sweep sweep = parsed(R"(
[choices.depth.flat]
encoder.layers = [{ type = "linear", out = 8 }]
decoder.layers = [{ type = "linear", out = 9 }]
[choices.depth.2]
encoder.layers = [
  { type = "linear", out = 8 },
  { type = "linear", out = 4, activation = "relu" },
]
[grid]
depth = ["flat", 2]
)");
  EXPECT_EQ(run_labels(sweep), (Texts{"depth=flat", "depth=2"}));
  EXPECT_EQ(vae(sweep.runs[0].recipe).decoder[0], nn::Layer(nn::Linear{.out = 9}));
  EXPECT_EQ(vae(sweep.runs[1].recipe).encoder[1].activation(), "relu");
}

TEST(Sweep, NumbersLayers) {
  const Sweep sweep =
      parsed("[grid]\nencoder.layers = [[{type='linear',out=4}], [{type='linear',out=5}]]\n");
  EXPECT_EQ(run_labels(sweep), (Texts{"encoder.layers=#1", "encoder.layers=#2"}));
  EXPECT_EQ(sweep.runs[1].folder, "2-encoder.layers-2");
  EXPECT_EQ(vae(sweep.runs[1].recipe).encoder[0], nn::Layer(nn::Linear{.out = 5}));
}

TEST(Sweep, RepeatsWithSeeds) {
  EXPECT_EQ(run_labels(parsed("seeds = [1, 2]\n[grid]\nlatent.size = [2, 3]\n")),
            (Texts{"latent.size=2, seed=1", "latent.size=2, seed=2", "latent.size=3, seed=1",
                   "latent.size=3, seed=2"}));
  EXPECT_EQ(run_labels(parsed("seeds = [1, 2]\n", {.set = {}, .seeds = {7}})),
            Texts{"vae-mlp-mnist"});
  EXPECT_EQ(parsed("", {.set = {"train.epochs=3"}, .seeds = {7}}).runs[0].recipe.seed, 7u);
}

TEST(Sweep, RunsNothingTwice) {
  EXPECT_EQ(parsed("[[grid]]\nlatent.size = [2, 3]\n[[grid]]\nlatent.size = [3, 4]\n").runs.size(),
            3u);
}

TEST(Sweep, RefusesWhatMakesNoSense) {
  EXPECT_EQ(error_of([] { load_sweep("sweep-vae-mnits"); }).substr(0, 69),
            "no sweep 'sweep-vae-mnits' (did you mean 'sweep-vae-mnist'?); there a");
  EXPECT_EQ(error_of([] { parse_sweep("recipe = \"x\"", "s.toml"); }),
            "s.toml: key 'name' is missing: expected a name of letters, digits, '-', '_' and '.'");
  EXPECT_EQ(error_of([] { parse_sweep("name = \"x\"", "s.toml"); }),
            "s.toml: key 'recipe' is missing: expected a recipe's name or file");
  EXPECT_TRUE(refusal("[girds]\n").starts_with("s.toml:3:1: unknown key 'girds'; "));
  EXPECT_EQ(refusal("[grid]\nlatent.size = []\n"),
            "s.toml:4:15: key 'latent.size': expected at least one value");
  EXPECT_EQ(refusal("[[grid]]\n"), "s.toml:3:1: expected keys with their values, got none");
  EXPECT_EQ(refusal("grid = 3\n"),
            "s.toml:3:8: key 'grid': expected tables of keys with their values");
  EXPECT_EQ(
      refusal("[list]\nlatent.size = [1, 2, 3]\nloss.kl_weight = [1, 2]\n"),
      "s.toml:3:1: key 'loss.kl_weight': expected 3 values as in the longest list here, got 2");
  EXPECT_EQ(refusal("[grid]\nencoder.layers = [{type='linear',out=4}]\n"),
            "s.toml:4:19: key 'encoder.layers': expected a list of values (of layers: a list of "
            "lists), got a table");
  EXPECT_EQ(refusal("[choices.size.small]\nlatent.size = 2\n[grid]\nsize = ['large']\n"),
            "s.toml:6:9: key 'size': there is no choice 'large', only small");
  EXPECT_EQ(
      refusal("[choices.sise.small]\nlatent.size = 2\n[grid]\nlatent.size = [2]\n"),
      "s.toml:3:1: no grid or list uses choices.sise.small: expected the key 'sise' in one of "
      "them");
}

TEST(Sweep, NamesTheConfigurationThatIsWrong) {
  EXPECT_EQ(
      refusal("[grid]\nlatent.size = [2, 0]\n"),
      "s.toml: latent.size=0: --set latent.size=0: key 'latent.size': expected a whole number "
      ">= 1, got 0");
  EXPECT_TRUE(contains(refusal("[grid]\nlatent.sise = [2, 3]\n"),
                       "s.toml: latent.sise=2: --set latent.sise=2: unknown key 'latent.sise'; did "
                       "you mean 'latent.size'?"));
  EXPECT_TRUE(error_of([] {
                parse_sweep("name = 'x'\nrecipe = 'vae'\n", "s.toml");
              }).starts_with("s.toml: no recipe 'vae'"));
}

TEST(Sweep, LeavesItsOwnKeysAlone) {
  const std::string grid = "[grid]\nlatent.size = [2, 3]\n";
  EXPECT_EQ(refusal(grid, {.set = {"latent.size=4"}, .seeds = {}}),
            "--set latent.size=4: the sweep s varies 'latent.size' itself");
  EXPECT_EQ(refusal("[set]\nlatent.size = 4\n" + grid),
            "set.latent.size=4: the sweep s varies 'latent.size' itself");
  EXPECT_EQ(refusal("[grid]\nseed = [2, 3]\n", {.set = {}, .seeds = {4}}),
            "--seed: the sweep s varies 'seed' itself");
}

size_t runs_of(const std::string& name) { return load_sweep(name).runs.size(); }

TEST(Sweep, HoldsThoseOfTheZoo) {
  EXPECT_EQ(runs_of("sweep-vae-mnist"), 10u);
  EXPECT_EQ(runs_of("sweep-vae-cifar10"), 11u);
  for (const char* name :
       {"sweep-gan-mnist", "sweep-gan-cifar10", "sweep-wgan-mnist", "sweep-wgan-cifar10"}) {
    EXPECT_EQ(runs_of(name), 5u) << name;
  }
  const Sweep wgan = load_sweep("sweep-wgan-cifar10");
  EXPECT_EQ(gan(wgan.runs[4].recipe).latent_size, 1000u);
  EXPECT_EQ(wgan.runs[4].recipe.train.epochs, 1000u);
  EXPECT_EQ(gan(wgan.runs[4].recipe).generator_optimizer.name, "rmsprop");
  EXPECT_EQ(wgan.runs[4].recipe.data.name, "cifar10");
  for (const BuiltInFile& file : built_in_sweeps()) {
    const Sweep sweep = load_sweep(std::string(file.name));
    EXPECT_EQ(sweep.name, file.name);
    for (const SweepRun& run : sweep.runs) {
      EXPECT_NO_THROW(describe_model(run.recipe, image_kind(run.recipe.data)).build())
          << run.folder;
    }
  }
}

TEST(Sweep, HasAsManyLayersAsItSays) {
  const Sweep sweep = load_sweep("sweep-vae-mnist");
  for (const SweepRun& run : sweep.runs) {
    EXPECT_EQ(fmt::to_string(vae(run.recipe).encoder.size() + vae(run.recipe).decoder.size()),
              run.values[0].shown);
  }
  EXPECT_EQ(vae(sweep.runs[1].recipe).encoder, vae(load_recipe("vae-mlp-mnist-z2")).encoder);
}

TEST(SweepReport, GathersSeeds) {
  const Sweep sweep = parsed("seeds = [1, 2, 3]\n[grid]\nlatent.size = [2, 3]\n");
  std::vector<RunResult> results(6);
  for (size_t i = 0; i < 4; ++i) {
    results[i].state = RunState::kDone;
    results[i].last = {{"test_loss", 100.0 + double(i)}};
  }
  results[4] = {.state = RunState::kFailed, .failure = "a, \"b\" | <c>"};
  EXPECT_EQ(seeds_table(sweep, results).csv(),
            "configuration,seeds,test_loss\nlatent.size=2,3,101 ± 1\n");
  const Table table = sweep_table(sweep, results);
  EXPECT_TRUE(contains(table.csv(), "4,3,1,done,,0,200,0.0,103\n"));
  EXPECT_TRUE(contains(table.csv(), "5,3,2,\"failed: a, \"\"b\"\" | <c>\",,0,200,0.0,\n"));
  EXPECT_TRUE(contains(table.markdown(), "| failed: a, \"b\" \\| <c> |"));
  EXPECT_TRUE(contains(table.html(), "<td>failed: a, &quot;b&quot; | &lt;c&gt;</td>"));
}

TEST(SweepReport, DrawsEveryRunInOnePlot) {
  const Sweep sweep = parsed("[grid]\nlatent.size = [2, 3]\n");
  std::vector<RunResult> results(2);
  for (RunResult& result : results) {
    result.metrics = {{.epoch = 1, .train = {{"loss", 2}, {"kl", 1}}, .test = {{"loss", 3}}}};
  }
  const std::vector<views::Curves> curves = sweep_curves(sweep, results);
  ASSERT_EQ(curves.size(), 3u);
  EXPECT_EQ(curves[0].group, "loss-train");
  EXPECT_EQ(curves[1].group, "loss-test");
  EXPECT_EQ(curves[2].group, "kl-train");
  EXPECT_EQ(curves[1].plot.title, "s: loss (test)");
  ASSERT_EQ(curves[1].plot.series.size(), 2u);
  EXPECT_EQ(curves[1].plot.series[1].name, "latent.size=3");
}

TEST(SweepFolder, RefusesAnotherSweep) {
  test::TemporaryFolder temporary;
  const SweepFolder folder(temporary / "s-1");
  const Sweep sweep = parsed("[grid]\nlatent.size = [2, 3]\n");
  EXPECT_TRUE(contains(error_of([&] { folder.read(); }), "s-1: expected the folder of a sweep"));
  folder.begin(sweep);
  folder.begin(sweep);
  const Sweep read = folder.read();
  EXPECT_EQ(run_labels(read), run_labels(sweep));
  EXPECT_EQ(read.runs[1].recipe, sweep.runs[1].recipe);
  EXPECT_TRUE(contains(error_of([&] { folder.begin(parsed("[grid]\nlatent.size = [2]\n")); }),
                       "s-1 holds another sweep, of 2 runs instead of 1: "));
  EXPECT_TRUE(
      contains(error_of([&] {
                 folder.begin(parsed("[set]\ntrain.epochs = 3\n[grid]\nlatent.size = [2, 3]\n"));
               }),
               "s-1 holds another sweep, whose run 1-latent.size-2 is not latent.size=2: "));
  for (const char* damaged : {"{}", "{\"name\": \"s\", \"ru", ""}) {
    temporary.file("s-1/sweep.json", damaged);
    EXPECT_EQ(error_of([&] { folder.read(); }),
              folder.plan().string() +
                  ": expected the runs of a sweep as 'pumice sweep' writes them, found a damaged "
                  "file; start the sweep again in another folder (--out)");
  }
}

TEST(SweepFolder, KeepsRunsInsideItsFolder) {
  test::TemporaryFolder temporary;
  const SweepFolder folder(temporary / "s-1");
  Sweep sweep = parsed("");
  for (const char* elsewhere : {"../other", "..", ".", "", "/tmp/run", "a/b"}) {
    sweep.runs[0].folder = elsewhere;
    std::filesystem::remove_all(folder.path());
    folder.begin(sweep);
    EXPECT_EQ(error_of([&] { folder.read(); }),
              folder.plan().string() + ": expected the name of a run's folder, found '" +
                  elsewhere + "'");
  }
}

}  // namespace
}  // namespace pumice
