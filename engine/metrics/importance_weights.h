#pragma once

#include <memory>
#include <span>

#include "engine/graph/step.h"
#include "engine/graph/step_state.h"
#include "engine/models/vae/vae.h"

namespace pumice::metrics {

/// Draws latents from the posterior of a batch of images and computes their log-weights: log
/// p(x|z) + log p(z) - log q(z|x), for a Gaussian decoder without the constant of its density. Uses
/// two recorded programs: one encodes; the other draws, decodes and weighs, and runs once per
/// sample.
class ImportanceWeights {
 public:
  /// `device` and `vae` (allocated) must outlive this.
  ImportanceWeights(hal::Device& device, const models::Vae& vae, uint32_t batch, uint64_t seed);

  /// 1 … batch images, with labels if the VAE is conditional → `samples` rows with one weight per
  /// image. Every sample since construction uses different noise.
  std::vector<std::vector<float>> draw(std::span<const float> images,
                                       std::span<const uint32_t> labels, uint32_t samples);

 private:
  hal::BufferPtr allocate(const Shape& shape, std::string_view label);
  void build_posterior();
  void build_weights();
  Tensor images(Graph& graph) const;
  Tensor moments(Graph& graph) const;
  Tensor labels(Graph& graph) const;

  hal::Device& device_;
  const models::Vae& vae_;
  uint32_t batch_;
  uint32_t image_size_;
  StepState step_state_;
  hal::BufferPtr images_;
  hal::BufferPtr labels_;
  hal::BufferPtr moments_;
  hal::BufferPtr weights_;
  std::unique_ptr<Step> posterior_;
  std::unique_ptr<Step> weigh_;
};

}  // namespace pumice::metrics
