#pragma once

#include <optional>

#include "engine/models/gan/gan.h"
#include "engine/models/model.h"

namespace pumice::models {

class GanModel : public Model {
 public:
  /// Keeps an average of the generator's weights if the options ask for it.
  GanModel(const GanDescription& description, const ModelOptions& options);

  const Gan& gan() const { return networks_.gan; }
  const nn::Parameters& generator() const { return networks_.generator; }
  const nn::Parameters& discriminator() const { return networks_.discriminator; }
  /// The average of the generator's parameters, with the same layout, or null.
  const nn::Parameters* average() const { return average_ ? &average_->generator : nullptr; }

  std::vector<const nn::Network*> networks() const override;
  /// Uses the average if there is one.
  Decoded decode(uint32_t program, const DecodeInput& input) const override;

 private:
  struct Networks {
    Networks(const GanDescription& description, nn::Initialization initialization)
        : gan(generator, discriminator, description, initialization) {}
    nn::Parameters generator;
    nn::Parameters discriminator;
    Gan gan;
  };

  Networks networks_;
  std::optional<Networks> average_;  ///< only its generator is allocated
};

}  // namespace pumice::models
