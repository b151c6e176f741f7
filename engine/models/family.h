#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/models/description.h"

namespace pumice::models {

class Spec;

/// A number that drawing takes, beside latents and classes: an option of `pumice sample`, a slider
/// of the page.
struct SamplingOption {
  std::string_view name;  ///< "steps"
  double value = 0;       ///< the default
  double least = 0;
  double most = 0;
  bool is_whole = false;
  bool is_conditional = false;  ///< has a meaning for conditional models alone
  std::string_view help;
};

/// A family of models: all that the rest of the program asks about one. A new family is a folder
/// and a row of families().
struct Family {
  std::string_view name;      ///< in recipes, checkpoints and messages: "vae"
  std::string_view title;     ///< for people: "VAE"
  bool draws = false;         ///< makes pictures of latents, and may be conditional
  bool encodes = false;       ///< makes latents of pictures
  bool needs_labels = false;  ///< even if it is not conditional
  std::span<const SamplingOption> sampling = {};     ///< what drawing takes
  Description (*description)(const Shape& picture);  ///< with every key at its default
  /// The model that a description of this family describes: for Description::build().
  std::unique_ptr<Model> (*build)(const Description& description, const ModelOptions& options);
  /// A recipe's keys at their defaults; null in builds that do not train (PUMICE_INFERENCE_ONLY).
  Spec (*spec)();
};

/// In the order in which messages list them.
std::span<const Family* const> families();
/// Null for an unknown name.
const Family* find_family(std::string_view name);

std::vector<std::string_view> family_names();
/// The names, or the titles, of families that can do something, for messages: "a vae or a gan".
std::string families_that(bool Family::*can, std::string_view Family::*text = &Family::name);

/// The defaults of the family's sampling options.
std::vector<double> default_sampling(const Family& family);
/// Throws Error, naming the option, unless there is one value within its bounds for each.
void require_sampling(const Family& family, std::span<const double> values);

/// For a row: Family::description of a family's description.
template <typename Networks>
Description described(const Shape& picture) {
  Networks networks;
  networks.picture = picture;
  return networks;
}

}  // namespace pumice::models
