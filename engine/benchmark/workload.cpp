#include "engine/benchmark/workload.h"

#include "engine/base/or_list.h"
#include "engine/base/require.h"
#include "engine/models/gan/gan_spec.h"
#include "engine/models/vae/vae_spec.h"
#include "engine/nn/layers/batch_norm.h"
#include "engine/nn/layers/conv2d.h"
#include "engine/nn/layers/conv_transpose2d.h"
#include "engine/nn/layers/linear.h"
#include "engine/nn/layers/reshape.h"

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

SyntheticModel vae_mlp_mnist() {
  return {.spec = models::VaeSpec{.optimizer = {.name = "adam", .learning_rate = 1e-3},
                                  .loss = {.reconstruction = "bce", .kl_weight = 1},
                                  .encoder = {nn::Linear{.out = 512, .activation = "relu"},
                                              nn::Linear{.out = 256, .activation = "relu"}},
                                  .latent_size = 128,
                                  .decoder = {nn::Linear{.out = 256, .activation = "relu"},
                                              nn::Linear{.out = 512, .activation = "relu"}}},
          .image = {28, 28, 1},
          .batch = 128};
}

std::vector<nn::Layer> dcgan_generator() {
  constexpr uint32_t kEdge = 4;
  return {nn::Reshape{.shape = {1, 1, 128}},
          nn::ConvTranspose2d{.out = 512, .kernel = kEdge, .padding = "valid", .bias = false},
          nn::BatchNorm{.activation = "relu"},
          nn::ConvTranspose2d{.out = 256, .kernel = kEdge, .stride = 2, .bias = false},
          nn::BatchNorm{.activation = "relu"},
          nn::ConvTranspose2d{.out = 128, .kernel = kEdge, .stride = 2, .bias = false},
          nn::BatchNorm{.activation = "relu"},
          nn::ConvTranspose2d{.out = 3, .kernel = kEdge, .stride = 2, .activation = "tanh"}};
}

std::vector<nn::Layer> dcgan_discriminator() {
  constexpr uint32_t kEdge = 4;
  return {nn::Conv2d{.out = 128, .kernel = kEdge, .stride = 2, .activation = "leaky_relu"},
          nn::Conv2d{.out = 256, .kernel = kEdge, .stride = 2, .bias = false},
          nn::BatchNorm{.activation = "leaky_relu"},
          nn::Conv2d{.out = 512, .kernel = kEdge, .stride = 2, .bias = false},
          nn::BatchNorm{.activation = "leaky_relu"}};
}

SyntheticModel dcgan_cifar10() {
  const optim::OptimizerSpec adam{.name = "adam", .learning_rate = 2e-4, .beta1 = 0.5};
  return {.spec = models::GanSpec{.optimizer = adam,
                                  .generator_optimizer = adam,
                                  .discriminator_optimizer = adam,
                                  .loss = {.kind = "non_saturating"},
                                  .latent_size = 128,
                                  .generator = dcgan_generator(),
                                  .output = "tanh",
                                  .discriminator = dcgan_discriminator()},
          .image = {32, 32, 3},
          .initialization = "dcgan",
          .batch = 128};
}

const std::vector<Workload>& all() {
  static const std::vector<Workload> list = {
      {.name = "vae-mlp-mnist",
       .model = vae_mlp_mnist(),
       .images = 200 * 128,
       .checked_steps = 200,
       .metrics = {"loss"},
       .flops_per_image = 2 * (3 * vae::kAll - vae::kFirst)},
      {.name = "dcgan-cifar10",
       .model = dcgan_cifar10(),
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

}  // namespace pumice::benchmark
