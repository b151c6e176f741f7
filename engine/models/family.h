#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/models/description.h"

namespace pumice::models {

class Spec;

/// A number that controls sampling, besides latents and classes: an option of `pumice sample` and a
/// slider on the page.
struct SamplingOption {
  std::string_view name;  ///< "steps"
  double value = 0;       ///< the default
  double least = 0;
  double most = 0;
  bool is_whole = false;
  bool is_conditional = false;  ///< has a meaning for conditional models alone
  std::string_view help;
};

/// A family of models: everything that the rest of the program needs to know about it. A new family
/// is a folder and a row of families().
struct Family {
  std::string_view name;      ///< in recipes, checkpoints and messages: "vae"
  std::string_view title;     ///< for people: "VAE"
  bool draws = false;         ///< maps latents to images, and may be conditional
  bool encodes = false;       ///< maps images to latents
  bool needs_labels = false;  ///< even if not conditional
  std::span<const SamplingOption> sampling = {};   ///< the options of sampling
  Description (*description)(const Shape& image);  ///< with all keys at their defaults
  /// Builds the model of a description of this family: for Description::build().
  std::unique_ptr<Model> (*build)(const Description& description, const ModelOptions& options);
  /// A spec with all keys at their defaults; null in builds without training
  /// (PUMICE_INFERENCE_ONLY).
  Spec (*spec)();
};

/// In the order of lists in messages.
std::span<const Family* const> families();
/// Null for an unknown name.
const Family* find_family(std::string_view name);

std::vector<std::string_view> family_names();
/// The names, or the titles, of the families with an ability, for messages: "a vae or a gan".
std::string families_that(bool Family::*can, std::string_view Family::*text = &Family::name);

/// The defaults of the family's sampling options.
std::vector<double> default_sampling(const Family& family);
/// Throws Error naming the option unless `values` has one value within bounds for each, and the
/// default for those that have no meaning for a model without classes.
void require_sampling(const Description& description, std::span<const double> values);

/// For a row of families(): implements Family::description.
template <typename Networks>
Description described(const Shape& image) {
  Networks networks;
  networks.image = image;
  return networks;
}

}  // namespace pumice::models
