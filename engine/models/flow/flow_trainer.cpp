#include "engine/models/flow/flow_trainer.h"

#include "engine/ops/ops.h"

namespace pumice::models {

FlowTrainer::FlowTrainer(hal::Device& device, const Flow& flow, const nn::Parameters& parameters,
                         const nn::Parameters* average, const train::Datasets& data,
                         const FlowOptions& options)
    : train::Trainer(device, data,
                     {.name = "flow",
                      .image = flow.description().image,
                      .classes = flow.description().classes,
                      .batch = options.batch,
                      .seed = options.seed,
                      .parallel = options.parallel}),
      flow_(flow),
      options_(options),
      optimizer_(device, parameters, options.optimizer) {
  require(options.label_drop >= 0 && options.label_drop < 1,
          "flow: expects a fraction of dropped labels from 0 to below 1, got {}",
          options.label_drop);
  add_parameters(parameters);
  add_optimizer(optimizer_);
  if (average != nullptr) {
    average_.emplace(parameters, *average, options.average_decay);
    add_parameters(*average);
  }
  add_program({.name = "train",
               .metrics = {"loss", "gradient_norm"},
               .build = [this](const Tensor& step_state) { return build_train(step_state); }});
  set_test({.name = "test", .metrics = {"loss"}, .build = [this](const Tensor& step_state) {
              return build_test(step_state);
            }});
}

Tensor FlowTrainer::loss(const Tensor& step_state, const Tensor& images, const Tensor& condition,
                         const nn::ForwardContext& pass) const {
  const Tensor noise = ops::normal(step_state, images.shape());
  const Tensor t = ops::uniform(step_state, {images.shape()[0]});
  const Tensor given = pass.training && condition ? dropped(step_state, condition) : condition;
  return flow_.loss(images, noise, t, given, pass);
}

// Without its label an example teaches the velocity that guidance starts from.
Tensor FlowTrainer::dropped(const Tensor& step_state, const Tensor& condition) const {
  const Shape column{condition.shape()[0], 1};
  const Tensor rate =
      ops::constant(condition.graph(), column, static_cast<float>(options_.label_drop));
  const Tensor is_dropped = ops::greater(rate, ops::uniform(step_state, column));
  return ops::multiply(condition, ops::affine(is_dropped, -1, 1));
}

Tensor FlowTrainer::condition_of(const train::DeviceDataset::Batch& batch) const {
  const uint32_t classes = flow_.description().classes;
  return classes > 0 ? ops::one_hot(batch.labels, classes) : Tensor{};
}

Tensors FlowTrainer::build_train(const Tensor& step_state) const {
  const auto batch = train_set().shuffled_batch(step_state, options_.batch);
  const Tensor mean =
      ops::mean(loss(step_state, batch.images, condition_of(batch), training_pass(step_state)));
  const Tensor norm = optimizer_.step(mean, step_state);
  if (average_) average_->update(step_state);
  return {mean, norm};
}

Tensors FlowTrainer::build_test(const Tensor& step_state) const {
  const auto batch = test_batch(step_state);
  const Tensor losses = loss(step_state, batch.images, condition_of(batch), {});
  return {ops::sum(ops::multiply(losses, batch.weights))};
}

}  // namespace pumice::models
