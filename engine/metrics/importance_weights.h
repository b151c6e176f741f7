#pragma once

#include <memory>
#include <span>

#include "engine/graph/step.h"
#include "engine/graph/step_state.h"
#include "engine/models/vae/vae.h"

namespace pumice::metrics {

/// Draws latents from the posterior of a batch of pictures and weighs them:
/// log p(x|z) + log p(z) - log q(z|x), of a Gaussian decoder less the constant of its density. Two
/// recorded programs: one encodes, one draws, decodes and weighs, and is run once for each sample.
class ImportanceWeights {
 public:
  /// `device` and `vae` (allocated) must outlive this.
  ImportanceWeights(hal::Device& device, const models::Vae& vae, uint32_t batch, uint64_t seed);

  /// 1 … batch pictures, with labels where the VAE is conditional → `samples` rows, one weight for
  /// each picture. Every sample since the construction has noise of its own.
  std::vector<std::vector<float>> draw(std::span<const float> pictures,
                                       std::span<const uint32_t> labels, uint32_t samples);

 private:
  hal::BufferPtr allocate(const Shape& shape, std::string_view label);
  void build_posterior();
  void build_weights();
  Tensor pictures(Graph& graph) const;
  Tensor moments(Graph& graph) const;
  Tensor labels(Graph& graph) const;

  hal::Device& device_;
  const models::Vae& vae_;
  uint32_t batch_;
  uint32_t picture_size_;
  StepState step_state_;
  hal::BufferPtr pictures_;
  hal::BufferPtr labels_;
  hal::BufferPtr moments_;
  hal::BufferPtr weights_;
  std::unique_ptr<Step> posterior_;
  std::unique_ptr<Step> weigh_;
};

}  // namespace pumice::metrics
