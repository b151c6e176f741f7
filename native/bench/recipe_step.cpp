// Times training steps of a recipe on synthetic images, in blocks, so that peers/interleave.py can
// alternate them with those of other programs: reads "run N" lines and answers with the seconds
// that N steps took. With --losses it prints the metrics of the first N steps, a line of JSON for
// each.
//   bench_recipe_step [--recipe NAME] [--device NAME] [--batch N] [--losses N]
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <nlohmann/json.hpp>

#include "native/bench/program.h"
#include "native/benchmark/recipes.h"
#include "native/devices/devices.h"

namespace pumice {
namespace {

constexpr uint32_t kBatchesOfData = 8;

void print_losses(benchmark::SyntheticTraining& training, uint32_t steps) {
  training.seconds(steps);
  for (const Metrics& metrics : training.trainer().step_metrics()) {
    nlohmann::ordered_json line;
    for (const Metric& metric : metrics) line[metric.name] = metric.value;
    fmt::print("{}\n", line.dump());
  }
}

int run(int argc, char** argv) {
  CLI::App app("Times training steps of a recipe. Example: bench_recipe_step --device lavapipe");
  std::string name = "vae-mlp-mnist", device_name;
  uint32_t batch = 0, losses = 0;
  app.add_option("--recipe", name, "a built-in recipe or a .toml file")->capture_default_str();
  app.add_option("--device", device_name, "index, name or type of the device");
  app.add_option("--batch", batch, "images per step; default: the recipe's");
  app.add_option("--losses", losses, "print the metrics of so many steps instead");
  CLI11_PARSE(app, argc, argv);
  std::vector<std::string> changes;
  if (batch > 0) changes.push_back(fmt::format("train.batch={}", batch));
  const Recipe recipe = load_recipe(name, changes);
  const auto device = all_devices().open({.device = device_name});
  // The metrics are those of an epoch, so that the first must hold all steps.
  const uint32_t batches = std::max(kBatchesOfData, losses);
  benchmark::SyntheticTraining training(*device, benchmark::synthetic_model(recipe),
                                        batches * recipe.train.batch);
  if (losses > 0) {
    print_losses(training, losses);
  } else {
    bench::serve([&](uint32_t steps) { return training.seconds(steps); });
  }
  return 0;
}

}  // namespace
}  // namespace pumice

int main(int argc, char** argv) {
  return pumice::bench::run_program("bench_recipe_step", [&] { return pumice::run(argc, argv); });
}
