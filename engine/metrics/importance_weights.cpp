#include "engine/metrics/importance_weights.h"

#include "engine/ops/ops.h"

namespace pumice::metrics {
namespace {

/// log p(z) - log q(z|x) of z = mean + e^(v/2)·noise, v the log-variance: Σ (v + noise² - z²) / 2,
/// as the constants of both densities cancel.
Tensor prior_less_posterior(const Tensor& moments, const Tensor& noise, const Tensor& latents) {
  const uint32_t size = noise.shape()[1];
  Tensor log_variance = ops::slice(moments, 1, size, size);
  Tensor squares = ops::subtract(ops::square(noise), ops::square(latents));
  return ops::affine(ops::sum(ops::add(log_variance, squares), {1}), 0.5f, 0);
}

}  // namespace

ImportanceWeights::ImportanceWeights(hal::Device& device, const models::Vae& vae, uint32_t batch,
                                     uint64_t seed)
    : device_(device),
      vae_(vae),
      batch_(batch),
      image_size_(static_cast<uint32_t>(vae.description().image.size())),
      step_state_(device, "likelihood.step_state") {
  images_ = allocate({batch, image_size_}, "images");
  moments_ = allocate({batch, 2 * vae.description().latent_size}, "moments");
  weights_ = allocate({batch}, "weights");
  if (vae.description().classes > 0) labels_ = allocate({batch}, "labels");
  step_state_.set(0, seed);
  build_posterior();
  build_weights();
}

hal::BufferPtr ImportanceWeights::allocate(const Shape& shape, std::string_view label) {
  return device_.allocate(padded_bytes(shape, DType::kF32), fmt::format("likelihood.{}", label));
}

Tensor ImportanceWeights::images(Graph& graph) const {
  return graph.external(images_, {batch_, image_size_}, DType::kF32);
}

Tensor ImportanceWeights::moments(Graph& graph) const {
  return graph.external(moments_, {batch_, 2 * vae_.description().latent_size}, DType::kF32);
}

Tensor ImportanceWeights::labels(Graph& graph) const {
  return labels_ ? graph.external(labels_, {batch_}, DType::kU32) : Tensor{};
}

void ImportanceWeights::build_posterior() {
  Graph graph(device_.limits());
  ops::store(vae_.encode(images(graph), {}, labels(graph)), moments(graph));
  posterior_ = std::make_unique<Step>(device_, graph, "posterior");
}

void ImportanceWeights::build_weights() {
  Graph graph(device_.limits());
  Tensor noise = ops::normal(step_state_.tensor(graph), {batch_, vae_.description().latent_size});
  Tensor latents = ops::gaussian_sample(moments(graph), noise);
  Tensor raw = vae_.decode_raw(latents, {}, labels(graph));
  Tensor loss = vae_.description().reconstruction == models::Reconstruction::kBce
                    ? ops::bce_with_logits(raw, images(graph))
                    : ops::squared_error(raw, images(graph));
  Tensor weights = ops::subtract(prior_less_posterior(moments(graph), noise, latents), loss);
  ops::store(weights, graph.external(weights_, {batch_}, DType::kF32));
  step_state_.advance(graph);
  weigh_ = std::make_unique<Step>(device_, graph, "importance weights");
}

std::vector<std::vector<float>> ImportanceWeights::draw(std::span<const float> images,
                                                        std::span<const uint32_t> labels,
                                                        uint32_t samples) {
  device_.write(*images_, std::as_bytes(images));
  if (labels_) device_.write(*labels_, std::as_bytes(labels));
  posterior_->run();
  std::vector<std::unique_ptr<hal::Readback>> readbacks;
  for (uint32_t sample = 0; sample < samples; ++sample) {
    weigh_->run();
    readbacks.push_back(device_.read(*weights_));
  }
  std::vector<std::vector<float>> rows;
  for (const auto& readback : readbacks) {
    rows.push_back(to_floats(readback->take(), images.size() / image_size_));
  }
  return rows;
}

}  // namespace pumice::metrics
