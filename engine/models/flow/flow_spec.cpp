#include "engine/models/flow/flow_spec.h"

#include "engine/base/require.h"
#include "engine/models/flow/flow_model.h"
#include "engine/models/flow/flow_trainer.h"

namespace pumice::models {

void FlowSpec::describe(nn::Fields& fields) {
  optim::describe(fields, "optimizer", optimizer);
  fields.number("loss.label_drop", label_drop, nn::kBelowOne);
  fields.number("ema.decay", ema_decay, nn::kBelowOne);
  fields.whole("velocity.time_size", time_size, 2);
  fields.layers("velocity.layers", velocity);
}

Description FlowSpec::description(const Shape& image, uint32_t classes) const {
  require(time_size % 2 == 0, "velocity.time_size: expects an even number, got {}", time_size);
  const auto pixels = static_cast<uint32_t>(image.size());
  return FlowDescription{.image = image,
                         .latent_size = pixels,
                         .classes = classes,
                         .time_size = time_size,
                         .velocity = nn::with_linear(velocity, pixels)};
}

std::unique_ptr<train::Trainer> FlowSpec::trainer(hal::Device& device, const Model& model,
                                                  const TrainingInput& input) const {
  const auto& of_flow = dynamic_cast<const FlowModel&>(model);
  const uint32_t updates = optim::updates_per_epoch(input.data.train->count(), input.batch);
  const FlowOptions options{.batch = input.batch,
                            .label_drop = label_drop,
                            .average_decay = ema_decay,
                            .seed = input.seed,
                            .parallel = input.parallel,
                            .optimizer = optim::options_of("optimizer", optimizer, updates)};
  return std::make_unique<FlowTrainer>(device, of_flow.flow(), of_flow.flow_parameters(),
                                       of_flow.average(), input.data, options);
}

}  // namespace pumice::models
