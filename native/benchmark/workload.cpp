#include "native/benchmark/workload.h"

#include <algorithm>

#include "engine/base/or_list.h"
#include "engine/base/require.h"
#include "native/recipes/built_in_files.h"

namespace pumice::benchmark {
namespace {

/// Weights of each network: all, and those of the layer that reads the images or latents, whose
/// gradients are not needed.
namespace vae {
constexpr double kFirst = 784 * 512;
constexpr double kAll = kFirst + 512 * 256 + 256 * 256 + 128 * 256 + 256 * 512 + 512 * 784;
}  // namespace vae

/// Products of one image: pixels of the smaller side, taps, channels in and out.
namespace dcgan {
constexpr double kFromLatent = 128 * 8192;
constexpr double kGenerator =
    kFromLatent + 16 * 16 * 512 * 256 + 64 * 16 * 256 * 128 + 256 * 16 * 128 * 3;
constexpr double kFromImage = 256 * 16 * 3 * 128;
constexpr double kDiscriminator = kFromImage + 64 * 16 * 128 * 256 + 16 * 16 * 256 * 512 + 8192;
/// The discriminator learns from a real and a generated image.
constexpr double kDiscriminatorStep = kGenerator + 2 * (3 * kDiscriminator - kFromImage);
constexpr double kGeneratorStep = 2 * kDiscriminator + 3 * kGenerator - kFromLatent;
}  // namespace dcgan

const std::vector<Workload>& all() {
  static const std::vector<Workload> list = {
      {.name = "vae-mlp-mnist",
       .batch = 128,
       .images = 200 * 128,
       .checked_steps = 200,
       .metrics = {"loss"},
       .flops_per_image = 2 * (3 * vae::kAll - vae::kFirst)},
      {.name = "dcgan-cifar10",
       .batch = 128,
       .images = 10 * 128,
       .checked_steps = 10,
       .metrics = {"d_loss", "g_loss"},
       .flops_per_image = 2 * (dcgan::kDiscriminatorStep + dcgan::kGeneratorStep)},
  };
  return list;
}

}  // namespace

std::span<const Workload> workloads() { return all(); }

const Workload& workload_named(std::string_view name) {
  std::vector<std::string> names;
  for (const Workload& workload : all()) {
    if (workload.name == name) return workload;
    names.emplace_back(workload.name);
  }
  fail("no workload '{}', expected {}", name, or_list(names));
}

std::string_view recipe_of(const Workload& workload) {
  const std::span<const BuiltInFile> files = built_in_workloads();
  auto file = std::find_if(files.begin(), files.end(), [&](const BuiltInFile& candidate) {
    return candidate.name == workload.name;
  });
  require(file != files.end(), "{}: its recipe is missing", workload.name);
  return file->text;
}

}  // namespace pumice::benchmark
