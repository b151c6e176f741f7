#pragma once

#include <map>
#include <span>
#include <string>

#include "native/commands/open_model.h"

namespace pumice::commands {

/// Values of sampling options (models::SamplingOption) by name, as the command line gives them.
using SamplingValues = std::map<std::string, double>;

/// Adds every sampling option that a family declares: "--steps", for instance.
void add_sampling_options(CLI::App& command, SamplingValues& values);

/// Decodes of the model use these from now on, and the family's defaults for the others. Throws
/// Error, naming the option, for one that the family does not have, and as
/// models::require_sampling() does.
void apply_sampling(const SamplingValues& values, ModelOnDevice& model);

/// Adds the values in use to an object.
template <typename Json>
void put_sampling(ModelOnDevice& model, Json& object) {
  const std::span<const models::SamplingOption> options = model.description().family().sampling;
  for (size_t i = 0; i < options.size(); ++i) {
    object[std::string(options[i].name)] = model.inference().sampling()[i];
  }
}

}  // namespace pumice::commands
