#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/models/family.h"
#include "engine/models/spec.h"
#include "engine/nn/layer.h"

namespace pumice {

using nn::Layer;

/// Everything that a training run depends on, apart from the files and the device: one TOML file.
/// Defaults apply to keys that the file leaves out; a key whose default would be refused is
/// required.
struct Recipe {
  struct Data {
    std::string name;       ///< one of data::dataset_names()
    std::string path;       ///< where it is, or empty; this and the following: only for "folder"
    uint32_t size = 64;     ///< height and width that images are scaled to
    uint32_t channels = 3;  ///< 1: grey, 3: colour
    bool strict = false;    ///< refuse broken images and other files
    std::string background = "black";  ///< of transparent images: see data::color_by_name
    bool operator==(const Data&) const = default;
  };
  struct Train {
    uint32_t epochs = 0;
    uint32_t batch = 128;
    double minutes = 0;  ///< ends the run after this time, before its epochs do; 0: never
    /// Saves a checkpoint within an epoch, too, when the last one is this old; 0: only when an
    /// epoch ends. Does not change what is trained.
    double checkpoint_minutes = 5;
    uint32_t checkpoint_steps = 0;  ///< also after this many steps each; 0: not by steps
    uint32_t keep_checkpoints = 2;  ///< the newest, and those before it
    std::string precision = "f32";  ///< of products: see hal::precision_by_name
    uint32_t shards = 0;            ///< of a batch; 0: one for each rank: see train::Parallel
    uint32_t sync_every = 1;        ///< steps between exchanges of ranks: see train::Parallel
    bool sync_batch_norm = false;   ///< of ranks: see train::Parallel
    bool operator==(const Train&) const = default;
  };
  /// FID and Inception score of samples during training, against the test set: see
  /// observers::epoch_evaluation.
  struct Evaluate {
    uint32_t every = 0;       ///< epochs; 0: never
    uint32_t samples = 2000;  ///< must exceed the number of the extractor's features
    std::string extractor;    ///< as for --extractor; empty: the data set's own
    bool operator==(const Evaluate&) const = default;
  };
  std::string name;          ///< letters, digits, '-', '_', '.'; also the run folder's name
  uint64_t seed = 1;         ///< up to 2^63 - 1, the largest integer in TOML
  bool conditional = false;  ///< the networks are given the class of an image
  std::string initialization = "fan_in";  ///< see nn::initialization_by_name
  Data data;
  Train train;
  Evaluate evaluate;  ///< for families that generate images
  /// The keys of the recipe's model; those of the first family until the key "model" is read.
  models::Spec spec = models::families().front()->spec();

  bool operator==(const Recipe&) const = default;
};

/// Parses a recipe from TOML. `overrides` are "key=value" texts; the last one for a key wins. A
/// value is TOML or a text without its quotes. If an override changes a choice (optimizer.name,
/// loss.kind, data.name, model, ...), keys of the file that the new choice does not have are
/// dropped. `presets` are like overrides, but come before them, and are dropped like keys of the
/// file. Throws Error, `file:line:column: key '...': expected ..., got ...`, for wrong types,
/// invalid values, and unknown or missing keys.
Recipe parse_recipe(std::string_view toml, const std::string& file_name,
                    std::span<const std::string> overrides = {},
                    std::span<const std::string> presets = {});

/// Loads a built-in recipe by name, or a file (a name that ends in .toml or contains a slash).
/// Throws Error as parse_recipe does and if there is no such recipe.
Recipe load_recipe(const std::string& name_or_file, std::span<const std::string> overrides = {},
                   std::span<const std::string> presets = {});

/// The recipe with every key written out; parse_recipe reads it back as an equal recipe.
std::string to_toml(const Recipe& recipe);

/// The same keys as nested objects.
nlohmann::json to_json(const Recipe& recipe);

/// An array with one object per layer: [{"type": "linear", "out": 512, "activation": "relu"}].
nlohmann::json to_json(std::span<const Layer> layers);

}  // namespace pumice
