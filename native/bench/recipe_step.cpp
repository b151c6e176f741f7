// Measures a recipe's training step on a device: steps/s, dispatches, barriers, and with --kernels
// the time of each dispatch. Needs no data set: the images are noise of the recipe's size.
//   bench_recipe_step RECIPE [--device NAME] [--seconds 3] [--kernels] [--core NAME]
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <chrono>
#include <iostream>
#include <random>

#include "engine/hal/barriers.h"
#include "engine/hal/device_with_limits.h"
#include "engine/ops/shares.h"
#include "native/devices/devices.h"
#include "native/training/model.h"
#include "native/training/model_recipe.h"

namespace pumice {
namespace {

using Seconds = std::chrono::duration<double>;

double now() { return Seconds(std::chrono::steady_clock::now().time_since_epoch()).count(); }

data::ImageSet noise(const ImageKind& kind, uint32_t count) {
  data::ImageSet images{
      .count = count, .height = kind.image[0], .width = kind.image[1], .channels = kind.image[2]};
  std::mt19937 generator(1);
  images.pixels.resize(count * images.image_size());
  for (uint8_t& value : images.pixels) value = static_cast<uint8_t>(generator() >> 24);
  images.labels.resize(count);
  for (uint32_t i = 0; i < count; ++i) images.labels[i] = static_cast<uint8_t>(i % 10);
  for (uint32_t i = 0; i < 10; ++i) images.class_names.push_back(fmt::to_string(i));
  return images;
}

struct Choice {
  std::string recipe;
  std::string device;
  std::string core;
  std::string precision = "f32";
  double seconds = 3;
  bool by_kernel = false;
};

/// The seconds per dispatch, from runs of a program with many copies of it.
double seconds_of(hal::Device& device, const hal::Plan& plan, const hal::Dispatch& dispatch) {
  constexpr size_t kRepeats = 32;
  constexpr uint32_t kRuns = 5;
  const std::vector<hal::Dispatch> copies(kRepeats, dispatch);
  const auto program = device.compile({plan.name, plan.buffers, copies});
  const hal::BufferPtr probe = device.allocate(16, "probe");
  std::vector<double> seconds;
  for (uint32_t run = 0; run < kRuns; ++run) {
    device.read(*probe)->take();
    const double begin = now();
    device.run(*program);
    device.read(*probe)->take();
    seconds.push_back((now() - begin) / kRepeats);
  }
  std::nth_element(seconds.begin(), seconds.begin() + kRuns / 2, seconds.end());
  return seconds[kRuns / 2];
}

void print_kernels(hal::Device& device, const hal::Plan& plan) {
  const std::vector<bool> barriers = hal::barriers_before(plan);
  double total = 0;
  for (size_t i = 0; i < plan.dispatches.size(); ++i) {
    const hal::Dispatch& dispatch = plan.dispatches[i];
    const double seconds = seconds_of(device, plan, dispatch);
    total += seconds;
    fmt::print("{:9.1f} us  {} {:28} {:>5} x {:>5} x {:>3}  {}\n", 1e6 * seconds,
               barriers[i] ? '|' : ' ', dispatch.kernel->name, dispatch.grid[0], dispatch.grid[1],
               dispatch.grid[2], dispatch.label);
  }
  fmt::print("{:9.1f} us in all\n", 1e6 * total);
}

void print_speed(train::Trainer& trainer, double wanted, uint32_t batch) {
  trainer.run_steps(10);
  uint32_t steps = 10;
  for (double took = 0; took < wanted / 2; steps *= 2) {
    const double begin = now();
    trainer.run_steps(steps);
    took = now() - begin;
    if (took >= wanted / 2) {
      fmt::print("{:.1f} steps/s, {:.0f} images/s, {:.1f} us a step\n", steps / took,
                 steps * batch / took, 1e6 * took / steps);
    }
  }
}

void bench(const Choice& choice) {
  const ops::ForcedCore forced(ops::core_if_named(choice.core));
  const Recipe recipe = load_recipe(choice.recipe);
  ImageKind kind = image_kind(recipe.data);
  if (kind.classes == 0) kind.classes = 10;
  const TrainingData data{noise(kind, 8 * recipe.train.batch), noise(kind, recipe.train.batch)};
  auto opened = all_devices().open({.device = choice.device});
  hal::Limits limits = opened->limits();
  limits.prefers.precision = hal::precision_by_name(choice.precision);
  auto device = std::make_unique<hal::DeviceWithLimits>(*opened, limits);
  Model model(*device, describe_model(recipe, kind), model_options(recipe));
  model.initialize(1);
  const auto trainer = make_trainer(*device, model.model(), recipe, data);
  fmt::print("{} on {}, batch {}\n", recipe.name, device->limits().device_name, recipe.train.batch);
  for (const Step* step : trainer->programs()) {
    const std::vector<bool> barriers = hal::barriers_before(step->plan());
    fmt::print("{}: {} dispatches, {} barriers, {:.1f} MB of activations\n", step->plan().name,
               step->dispatch_count(), std::count(barriers.begin(), barriers.end(), true),
               static_cast<double>(step->activation_bytes()) / 1e6);
  }
  print_speed(*trainer, choice.seconds, recipe.train.batch);
  if (!choice.by_kernel) return;
  for (const Step* step : trainer->programs()) {
    fmt::print("\n{}\n", step->plan().name);
    print_kernels(*device, step->plan());
  }
}

}  // namespace
}  // namespace pumice

int main(int count, char** arguments) try {
  CLI::App app("What a recipe's training step takes");
  pumice::Choice choice;
  app.add_option("RECIPE", choice.recipe, "a built-in recipe or a .toml file")->required();
  app.add_option("--device", choice.device, "index, name or type of the device");
  app.add_option("--seconds", choice.seconds, "how long to time steps")->capture_default_str();
  app.add_option("--core", choice.core, "of products, instead of the rule's choice: tile, ...");
  app.add_option("--precision", choice.precision, "f32, mixed or split");
  app.add_flag("--kernels", choice.by_kernel, "print the microseconds of each dispatch");
  CLI11_PARSE(app, count, arguments);
  pumice::bench(choice);
} catch (const std::exception& error) {
  std::cerr << "bench_recipe_step: " << error.what() << "\n";
  return 1;
}
