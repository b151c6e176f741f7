#include "engine/models/vae/vae_trainer.h"

#include "engine/ops/ops.h"

namespace pumice::models {

VaeTrainer::VaeTrainer(hal::Device& device, const Vae& vae, const nn::Parameters& parameters,
                       const train::Datasets& data, const VaeOptions& options)
    : train::Trainer(device, data,
                     {.name = "vae",
                      .image = vae.description().image,
                      .classes = vae.description().classes,
                      .batch = options.batch,
                      .seed = options.seed,
                      .parallel = options.parallel}),
      vae_(vae),
      options_(options),
      optimizer_(device, parameters, options.optimizer) {
  const std::vector<std::string> metrics = {"loss", "reconstruction", "kl"};
  add_parameters(parameters);
  add_optimizer(optimizer_);
  add_program({.name = "train", .metrics = metrics, .build = [this](const Tensor& step_state) {
                 return build_train(step_state);
               }});
  set_test({.name = "test", .metrics = metrics, .build = [this](const Tensor& step_state) {
              return build_test(step_state);
            }});
}

Tensor VaeTrainer::images_of(const Tensor& step_state,
                             const train::DeviceDataset::Batch& batch) const {
  if (!options_.binarize) return batch.images;
  return ops::greater(batch.images, ops::uniform(step_state, batch.images.shape()));
}

Vae::Loss VaeTrainer::loss(const Tensor& step_state, const train::DeviceDataset::Batch& batch,
                           const nn::ForwardContext& pass) const {
  Tensor noise = ops::normal(step_state, {batch.images.shape()[0], vae_.description().latent_size});
  return vae_.loss(images_of(step_state, batch), noise, pass,
                   vae_.description().classes > 0 ? batch.labels : Tensor{});
}

Tensor VaeTrainer::weighted(const Tensor& kl) const {
  return options_.kl_weight == 1 ? kl : ops::affine(kl, static_cast<float>(options_.kl_weight), 0);
}

Tensor VaeTrainer::warmed_up(const Tensor& kl, const Tensor& step_state) const {
  if (options_.kl_warm_up_steps == 0) return weighted(kl);
  Tensor weight = optim::scheduled(step_state, options_.kl_weight,
                                   {.warm_up_steps = options_.kl_warm_up_steps});
  return ops::multiply(kl, ops::reshape(weight, {}));
}

Tensors VaeTrainer::build_train(const Tensor& step_state) const {
  Vae::Loss loss = this->loss(step_state, train_set().shuffled_batch(step_state, options_.batch),
                              training_pass(step_state));
  Tensor reconstruction = ops::mean(loss.reconstruction);
  Tensor kl = ops::mean(loss.divergence);
  Tensor total = ops::add(reconstruction, warmed_up(kl, step_state));
  optimizer_.step(total, step_state);
  return {total, reconstruction, kl};
}

Tensors VaeTrainer::build_test(const Tensor& step_state) const {
  train::DeviceDataset::Batch batch = test_batch(step_state);
  Vae::Loss loss = this->loss(step_state, batch, {});
  Tensor reconstruction = ops::sum(ops::multiply(loss.reconstruction, batch.weights));
  Tensor kl = ops::sum(ops::multiply(loss.divergence, batch.weights));
  return {ops::add(reconstruction, weighted(kl)), reconstruction, kl};
}

}  // namespace pumice::models
