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
  std::string name;          ///< letters, digits, '-', '_', '.': it names the run's folder
  uint64_t seed = 1;         ///< up to 2^63 - 1, TOML's largest number
  bool conditional = false;  ///< the networks are given the class of a picture
  std::string initialization = "fan_in";  ///< see nn::initialization_by_name
  Data data;
  Train train;
  Evaluate evaluate;  ///< in families that draw
  /// The keys of the recipe's model: of the first family until the key "model" is read.
  models::Spec spec = models::families().front()->spec();

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
