#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/graph/step.h"
#include "engine/nn/model.h"

namespace pumice::nn {

/// Runs a model on host data: decodes where it draws pictures, encodes where it has an encoder.
/// Each direction is compiled once, at its first use, for a fixed batch; more is done batch by
/// batch. Always uses the parameters as they are then. `labels`, one of each row, are for
/// conditional models; others ignore them.
class Inference {
 public:
  using Labels = std::span<const uint32_t>;

  /// `device` and `model` (allocated) must outlive this.
  Inference(hal::Device& device, const Model& model, uint32_t batch);
  ~Inference();

  /// pictures [N, height·width·channels], 0 … 1 → moments [N, 2z]: z means, then z log-variances.
  /// Waits for the device, as decode and reconstruct do: not in a browser.
  std::vector<float> encode(std::span<const float> pictures, Labels labels = {});
  /// latents [N, z] → pictures [N, height·width·channels].
  std::vector<float> decode(std::span<const float> latents, Labels labels = {});
  /// pictures → pictures, by way of the means.
  std::vector<float> reconstruct(std::span<const float> pictures, Labels labels = {});

  /// Starts decoding at most one batch of latents: the first pictures of the readback are theirs.
  std::unique_ptr<hal::Readback> start_decode(std::span<const float> latents, Labels labels = {});
  /// The same for pictures and their moments.
  std::unique_ptr<hal::Readback> start_encode(std::span<const float> pictures, Labels labels = {});

  /// Kernel launches of one decode.
  size_t decode_dispatches();

  bool can_encode() const { return model_.can_encode(); }
  bool can_decode() const { return model_.can_decode(); }
  uint32_t batch() const { return batch_; }
  const Shape& picture() const { return picture_of(model_.description()); }
  uint32_t picture_size() const { return static_cast<uint32_t>(picture().size()); }
  uint32_t latent_size() const { return latent_size_of(model_.description()); }
  uint32_t classes() const { return classes_of(model_.description()); }

 private:
  class Direction;
  Direction& encoder();
  Direction& decoder();

  hal::Device& device_;
  const Model& model_;
  uint32_t batch_;
  std::unique_ptr<Direction> encoder_;
  std::unique_ptr<Direction> decoder_;
};

}  // namespace pumice::nn
