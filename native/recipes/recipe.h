#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/nn/network.h"

namespace pumice {

using nn::Layer;

/// Everything that a training run depends on, apart from the files and the device: one TOML file.
/// The defaults are those of a file that leaves the key out; where a default would be refused, the
/// key is required.
struct Recipe {
  struct Data {
    std::string name;       ///< "mnist", "fashion-mnist", "cifar10", "folder"
    std::string path;       ///< where it lies, or empty; this and what follows: of "folder" alone
    uint32_t size = 64;     ///< height and width that pictures are scaled to
    uint32_t channels = 3;  ///< 1: grey, 3: colour
    bool strict = false;    ///< refuse broken pictures instead of leaving them out
    bool operator==(const Data&) const = default;
  };
  struct Train {
    uint32_t epochs = 0;
    uint32_t batch = 128;
    bool operator==(const Train&) const = default;
  };
  struct Optimizer {
    std::string name = "adam";
    double learning_rate = 1e-3;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double epsilon = 1e-8;
    bool operator==(const Optimizer&) const = default;
  };
  struct Loss {
    std::string reconstruction = "bce";  ///< "bce" on the decoder's logits, or "mse"
    double kl_weight = 1;                ///< the beta of a beta-VAE
    bool operator==(const Loss&) const = default;
  };

  std::string name;   ///< letters, digits, '-', '_', '.': it names the run's folder
  std::string model;  ///< "vae"
  uint64_t seed = 1;  ///< up to 2^63 - 1, TOML's largest number
  Data data;
  Train train;
  Optimizer optimizer;
  Loss loss;

  /// Hidden layers. The model adds the last layer of each: to the latent's mean and log-variance,
  /// and to the picture.
  std::vector<Layer> encoder;
  std::vector<Layer> decoder;
  uint32_t latent_size = 0;

  bool operator==(const Recipe&) const = default;
};

/// Reads a recipe from TOML. `overrides` are "key=value" texts, applied in order; a value that is
/// no TOML is taken as a string. Throws Error: `file:line:column: key '...': expected ..., got ...`
/// for wrong types and impossible values, and likewise for unknown and missing keys.
Recipe parse_recipe(std::string_view toml, const std::string& file_name,
                    std::span<const std::string> overrides = {});

/// Loads a recipe by the name of a built-in one or from a file (a name that ends in .toml or has a
/// slash). Throws Error as parse_recipe does and when there is no such recipe.
Recipe load_recipe(const std::string& name_or_file, std::span<const std::string> overrides = {});

/// The recipe with every key written out; parse_recipe reads it back as an equal recipe.
std::string to_toml(const Recipe& recipe);

/// The same keys as nested objects.
nlohmann::json to_json(const Recipe& recipe);

/// An array with one object per layer: [{"type": "linear", "out": 512, "activation": "relu"}].
nlohmann::json to_json(std::span<const Layer> layers);

}  // namespace pumice
