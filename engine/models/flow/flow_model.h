#pragma once

#include <optional>

#include "engine/models/flow/flow.h"
#include "engine/models/model.h"

namespace pumice::models {

class FlowModel : public Model {
 public:
  /// With an average of the weights if the options ask for one.
  FlowModel(const FlowDescription& description, const ModelOptions& options);

  const Flow& flow() const { return networks_.flow; }
  const nn::Parameters& flow_parameters() const { return networks_.parameters; }
  /// The average of the weights, laid out like them, or null.
  const nn::Parameters* average() const { return average_ ? &average_->parameters : nullptr; }

  std::vector<const nn::Network*> networks() const override { return {&flow().network()}; }
  /// One step of the sampler that `program` numbers, by the average if there is one.
  Decoded decode(uint32_t program, const DecodeInput& input) const override;
  std::vector<DecodePass> decode_passes(std::span<const double> options) const override;

 private:
  struct Networks {
    Networks(const FlowDescription& description, nn::Initialization initialization)
        : flow(parameters, description, initialization) {}
    nn::Parameters parameters;
    Flow flow;
  };

  Networks networks_;
  std::optional<Networks> average_;
};

}  // namespace pumice::models
