// Times training steps of vae-mlp-mnist in blocks, so that peers/interleave.py can alternate them
// with PyTorch's: reads "run N" lines and answers with the seconds that N steps took.
//   bench_vae_step [--data DIR] [--device NAME]
#include <fmt/format.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <filesystem>
#include <iostream>

#include "engine/data/mnist.h"
#include "engine/models/vae/vae_trainer.h"
#include "engine/nn/layers/linear.h"
#include "native/devices/devices.h"
#include "native/training/data_folder.h"

namespace pumice {
namespace {

models::VaeDescription vae_mlp_mnist() {
  return {.image = {28, 28, 1},
          .latent_size = 128,
          .encoder = {nn::Linear{.out = 512, .activation = "relu"},
                      nn::Linear{.out = 256, .activation = "relu"}, nn::Linear{.out = 256}},
          .decoder = {nn::Linear{.out = 256, .activation = "relu"},
                      nn::Linear{.out = 512, .activation = "relu"}, nn::Linear{.out = 784}}};
}

/// Steps as in a training run: several in flight, with one wait at the end of the block.
double seconds_of(models::VaeTrainer& trainer, uint32_t steps) {
  auto begin = std::chrono::steady_clock::now();
  trainer.run_steps(steps);
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

void serve(const std::filesystem::path& folder, const std::string& device_name) {
  auto device = all_devices().open({.device = device_name});
  nn::Parameters parameters;
  models::Vae vae(parameters, vae_mlp_mnist());
  parameters.allocate(*device, "parameters");
  parameters.initialize(*device, 1);
  models::VaeTrainer trainer(*device, vae, parameters,
                             {*device, data::load_mnist(folder, data::Split::kTrain),
                              data::load_mnist(folder, data::Split::kTest)},
                             {});
  std::string word;
  uint32_t steps = 0;
  while (std::cin >> word >> steps) {
    require(word == "run", "bench: expects lines of the form 'run N', got '{}'", word);
    std::cout << fmt::format("{}\n", seconds_of(trainer, steps)) << std::flush;
  }
}

}  // namespace
}  // namespace pumice

int main(int count, char** arguments) try {
  CLI::App app("Times training steps of vae-mlp-mnist");
  std::string data;
  std::string device;
  app.add_option("--data", data, "folder with MNIST's files; default: as of pumice train");
  app.add_option("--device", device, "index, name or type of the device");
  CLI11_PARSE(app, count, arguments);
  pumice::serve(pumice::data_folder(data, "mnist"), device);
} catch (const std::exception& error) {
  std::cerr << "bench_vae_step: " << error.what() << "\n";
  return 1;
}
