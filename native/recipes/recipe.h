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
    std::string name;       ///< one of data::dataset_names()
    std::string path;       ///< where it lies, or empty; this and what follows: of "folder" alone
    uint32_t size = 64;     ///< height and width that pictures are scaled to
    uint32_t channels = 3;  ///< 1: grey, 3: colour
    bool strict = false;    ///< refuse broken pictures and what is no picture
    std::string background = "black";  ///< of transparent pictures: see data::color_by_name
    bool operator==(const Data&) const = default;
  };
  /// Changes by chance to a classifier's training pictures.
  struct Augmentation {
    bool flip = false;  ///< mirror every second picture
    uint32_t crop = 0;  ///< move by up to so many pixels
    bool operator==(const Augmentation&) const = default;
  };
  struct Train {
    uint32_t epochs = 0;
    uint32_t batch = 128;
    bool operator==(const Train&) const = default;
  };
  /// FID and Inception score of samples during training, against the test set: see
  /// EpochEvaluation.
  struct Evaluate {
    uint32_t every = 0;       ///< epochs; 0: never
    uint32_t samples = 2000;  ///< more than the extractor has features
    std::string extractor;    ///< as for --extractor; empty: the data set's own classifier
    bool operator==(const Evaluate&) const = default;
  };
  /// What the keys mean, optim::OptimizerOptions says; which a method has, describe().
  struct Optimizer {
    std::string name = "adam";  ///< or "adamw", "rmsprop", "sgd"
    double learning_rate = 1e-3;
    double beta1 = 0.9;
    double beta2 = 0.999;
    double smoothing = 0.99;
    double epsilon = 1e-8;
    double momentum = 0;
    bool nesterov = false;
    double weight_decay = 0;
    double clip_norm = 0;
    uint32_t warm_up_epochs = 0;
    std::string decay = "none";  ///< or "cosine", "step", "exponential": see optim::Schedule
    uint32_t decay_epochs = 0;
    double decay_factor = 0;
    bool operator==(const Optimizer&) const = default;
  };
  struct Loss {
    // Of a VAE:
    std::string reconstruction = "bce";  ///< "bce" on the decoder's logits, or "mse"
    double kl_weight = 1;                ///< the beta of a beta-VAE
    uint32_t kl_warm_up_epochs = 0;      ///< in which the weight climbs
    // Of a GAN, see train::GanOptions:
    std::string kind = "non_saturating";
    uint32_t critic_steps = 1;
    double clip = 0.01;          ///< of "wasserstein": the critic's weights stay within
    double penalty = 10;         ///< of "wasserstein_gp"
    double label_smoothing = 0;  ///< of "non_saturating" and "minimax"
    bool mixed_batch = false;    ///< half real, half fake
    bool operator==(const Loss&) const = default;
  };

  std::string name;          ///< letters, digits, '-', '_', '.': it names the run's folder
  std::string model;         ///< "vae", "gan", "classifier"
  uint64_t seed = 1;         ///< up to 2^63 - 1, TOML's largest number
  bool conditional = false;  ///< the networks are told a picture's class
  std::string initialization = "fan_in";  ///< see nn::initialization_by_name
  Data data;
  Augmentation augmentation;
  Train train;
  Evaluate evaluate;  ///< of a VAE or a GAN
  Optimizer optimizer;
  Optimizer generator_optimizer;  ///< of a GAN; keys left out are as in `optimizer`, if it has them
  Optimizer discriminator_optimizer;
  Loss loss;
  double ema_decay = 0;  ///< of the moving average of a generator's weights; 0: none

  /// Hidden layers. The model adds the last linear layer of each: to the latent's mean and
  /// log-variance, to the picture (unless they make one), to one opinion, to the classes.
  std::vector<Layer> encoder;
  std::vector<Layer> decoder;
  std::vector<Layer> generator;
  std::vector<Layer> discriminator;
  std::vector<Layer> classifier;
  uint32_t latent_size = 0;
  std::string output = "tanh";  ///< the generator's last activation: "tanh" or "sigmoid"

  bool operator==(const Recipe&) const = default;
};

/// Reads a recipe from TOML. `overrides` are "key=value" texts; of one key the last counts. A value
/// may be TOML, or a text without its quotes. Where one chooses anew (optimizer.name, loss.kind,
/// data.name, model, ...), keys of the file that the new choice does not have fall away. `presets`
/// are like overrides, but come before them and fall away as keys of the file do. Throws Error:
/// `file:line:column: key '...': expected ..., got ...` for wrong types and impossible values, and
/// likewise for unknown and missing keys.
Recipe parse_recipe(std::string_view toml, const std::string& file_name,
                    std::span<const std::string> overrides = {},
                    std::span<const std::string> presets = {});

/// Loads a recipe by the name of a built-in one or from a file (a name that ends in .toml or has a
/// slash). Throws Error as parse_recipe does and when there is no such recipe.
Recipe load_recipe(const std::string& name_or_file, std::span<const std::string> overrides = {},
                   std::span<const std::string> presets = {});

/// The recipe with every key written out; parse_recipe reads it back as an equal recipe.
std::string to_toml(const Recipe& recipe);

/// The same keys as nested objects.
nlohmann::json to_json(const Recipe& recipe);

/// An array with one object per layer: [{"type": "linear", "out": 512, "activation": "relu"}].
nlohmann::json to_json(std::span<const Layer> layers);

}  // namespace pumice
