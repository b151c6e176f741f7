// Times training steps of a recipe on synthetic images, in blocks, so that peers/interleave.py can
// alternate them with those of other programs: reads "run N" lines and answers with the seconds
// that N steps took. With --losses it prints the metrics of the first N steps, a line of JSON for
// each.
//   bench_recipe_step [--recipe NAME] [--device NAME] [--batch N] [--losses N]
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <iostream>
#include <nlohmann/json.hpp>

#include "native/benchmark/recipes.h"
#include "native/devices/devices.h"

namespace pumice {
namespace {

constexpr uint32_t kBatchesOfData = 8;

void serve(benchmark::SyntheticTraining& training) {
  std::string word;
  uint32_t steps = 0;
  while (std::cin >> word >> steps) {
    require(word == "run", "expects lines of the form 'run N', got '{}'", word);
    std::cout << fmt::format("{}\n", training.seconds(steps)) << std::flush;
  }
}

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
  losses > 0 ? print_losses(training, losses) : serve(training);
  return 0;
}

}  // namespace
}  // namespace pumice

int main(int argc, char** argv) try {
  return pumice::run(argc, argv);
} catch (const std::exception& error) {
  fmt::print(stderr, "bench_recipe_step: {}\n", error.what());
  return 1;
}
