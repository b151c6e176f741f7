#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/graph/step.h"
#include "engine/nn/vae.h"

namespace pumice::nn {

/// Runs a VAE's halves on host data. Each half is compiled once, at its first use, for a fixed
/// batch; more is done batch by batch. Always uses the parameters as they are then.
class VaeInference {
 public:
  /// `device`, `vae` and its parameters (allocated) must outlive this.
  VaeInference(hal::Device& device, const Vae& vae, uint32_t batch);
  ~VaeInference();

  /// pictures [N, height·width·channels], 0 … 1 → moments [N, 2z]: z means, then z log-variances.
  /// Waits for the device, as decode and reconstruct do: not in a browser.
  std::vector<float> encode(std::span<const float> pictures);
  /// latents [N, z] → pictures [N, height·width·channels].
  std::vector<float> decode(std::span<const float> latents);
  /// pictures → pictures, by way of the means.
  std::vector<float> reconstruct(std::span<const float> pictures);

  /// Starts decoding at most one batch of latents: the first pictures of the readback are theirs.
  std::unique_ptr<hal::Readback> start_decode(std::span<const float> latents);
  /// The same for pictures and their moments.
  std::unique_ptr<hal::Readback> start_encode(std::span<const float> pictures);

  /// Kernel launches of one decode.
  size_t decode_dispatches();

  uint32_t batch() const { return batch_; }
  uint32_t latent_size() const { return vae_.description().latent_size; }
  uint32_t picture_size() const { return static_cast<uint32_t>(vae_.description().picture.size()); }

 private:
  class Half;
  Half& encoder();
  Half& decoder();

  hal::Device& device_;
  const Vae& vae_;
  uint32_t batch_;
  std::unique_ptr<Half> encoder_;
  std::unique_ptr<Half> decoder_;
};

}  // namespace pumice::nn
