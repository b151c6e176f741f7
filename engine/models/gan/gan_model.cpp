#include "engine/models/gan/gan_model.h"

namespace pumice::models {

GanModel::GanModel(const GanDescription& description, const ModelOptions& options)
    : Model(description), networks_(description, options.initialization) {
  const bool trains = options.purpose == Purpose::kTraining;
  if (trains || !options.average) add_parameters("", networks_.generator);
  if (trains) add_parameters("", networks_.discriminator);
  if (!options.average) return;
  average_.emplace(description, options.initialization);
  add_parameters("average.", average_->generator);
}

std::vector<const nn::Network*> GanModel::networks() const {
  return {&gan().generator(), &gan().discriminator()};
}

Decoded GanModel::decode(uint32_t, const DecodeInput& input) const {
  return {(average_ ? average_->gan : gan()).decode(input.latents, input.labels)};
}

}  // namespace pumice::models
