#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

#include "tests/support/temporary_folder.h"

namespace pumice::test {

/// Side of the images of write_tiny_mnist().
inline constexpr uint32_t kTinySide = 28;

/// An IDX file of bytes.
inline std::string idx_file(const std::vector<uint32_t>& extents, const std::string& values) {
  std::string file{0, 0, 8, static_cast<char>(extents.size())};
  for (uint32_t extent : extents) {
    for (int shift : {24, 16, 8, 0}) file += static_cast<char>(extent >> shift);
  }
  return file + values;
}

/// Bright squares on a dark background; the label is which of nine places they are in.
inline std::string tiny_images(uint32_t count) {
  std::string pixels;
  for (uint32_t i = 0; i < count; ++i) {
    for (uint32_t p = 0; p < kTinySide * kTinySide; ++p) {
      uint32_t left = 8 * (i % 3), top = 8 * (i / 3 % 3);
      bool inside = p % kTinySide - left < 12 && p / kTinySide - top < 12;
      pixels += static_cast<char>(inside ? 255 - i % 50 : i % 20);
    }
  }
  return idx_file({count, kTinySide, kTinySide}, pixels);
}

inline std::string tiny_labels(uint32_t count) {
  std::string labels;
  for (uint32_t i = 0; i < count; ++i) labels += static_cast<char>(i % 9);
  return idx_file({count}, labels);
}

/// The four files of MNIST in `folder`, with few images.
inline void write_tiny_mnist(const TemporaryFolder& folder, uint32_t train, uint32_t test) {
  folder.file("train-images-idx3-ubyte", tiny_images(train));
  folder.file("train-labels-idx1-ubyte", tiny_labels(train));
  folder.file("t10k-images-idx3-ubyte", tiny_images(test));
  folder.file("t10k-labels-idx1-ubyte", tiny_labels(test));
}

/// The networks of a VAE for these images, with two latent numbers.
inline const std::string kTinyNetworks = R"([encoder]
layers = [ { type = "linear", out = 16, activation = "relu" } ]
[latent]
size = 2
[decoder]
layers = [ { type = "linear", out = 16, activation = "relu" } ]
)";

/// A recipe with those networks.
inline const std::string kTinyRecipe = R"(name = "tiny"
model = "vae"
[data]
name = "mnist"
[train]
epochs = 2
batch = 16
)" + kTinyNetworks;

/// The same with layers so wide that a step takes a millisecond or more on any device: for runs
/// that a test interrupts.
inline std::string slow_recipe() {
  const std::string narrow = "out = 16", wide = "out = 256";
  std::string recipe = kTinyRecipe;
  for (size_t at = recipe.find(narrow); at != recipe.npos; at = recipe.find(narrow, at + 1)) {
    recipe.replace(at, narrow.size(), wide);
  }
  return recipe;
}

/// A conditional GAN for these images, with an average of the generator's weights.
inline constexpr const char* kTinyGan = R"(name = "tiny-gan"
model = "gan"
conditional = true
[data]
name = "mnist"
[train]
epochs = 2
batch = 16
[optimizer]
learning_rate = 2e-3
beta1 = 0.5
[discriminator_optimizer]
name = "rmsprop"
[loss]
kind = "wasserstein"
critic_steps = 2
[ema]
decay = 0.9
[latent]
size = 3
[generator]
layers = [ { type = "linear", out = 16 }, { type = "batch_norm", activation = "relu" } ]
[discriminator]
layers = [ { type = "linear", out = 16, activation = "leaky_relu" } ]
)";

/// A classifier for these images.
inline constexpr const char* kTinyClassifier = R"(name = "tiny-classifier"
model = "classifier"
[data]
name = "mnist"
[train]
epochs = 2
batch = 16
[optimizer]
name = "sgd"
learning_rate = 0.1
momentum = 0.9
[classifier]
layers = [ { type = "linear", out = 16, activation = "relu" } ]
)";

}  // namespace pumice::test
