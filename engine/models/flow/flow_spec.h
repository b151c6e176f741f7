#pragma once

#include "engine/models/flow/flow.h"
#include "engine/models/spec.h"
#include "engine/optim/optimizer_spec.h"

namespace pumice::models {

struct FlowSpec {
  optim::OptimizerSpec optimizer;
  double label_drop = 0.1;  ///< the fraction of labels that a conditional flow trains without
  double ema_decay = 0;     ///< of the moving average of the weights; 0: none
  uint32_t time_size = 64;  ///< see FlowDescription
  std::vector<nn::Layer>
      velocity;  ///< hidden layers; the last linear layer, to the image, is added

  static const Family& family() { return kFlow; }
  void describe(nn::Fields& fields);
  Description description(const Shape& image, uint32_t classes) const;
  std::string loss_text() const { return "squared error of velocities"; }
  bool keeps_average() const { return ema_decay > 0; }
  std::unique_ptr<train::Trainer> trainer(hal::Device& device, const Model& model,
                                          const TrainingInput& input) const;
  bool operator==(const FlowSpec&) const = default;
};

}  // namespace pumice::models
