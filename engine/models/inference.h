#pragma once

#include <memory>
#include <span>
#include <vector>

#include "engine/models/direction.h"
#include "engine/models/model.h"

namespace pumice::models {

/// Runs a model on host data: decodes if it generates images, encodes if it has an encoder. Each
/// program is compiled at its first use, for a fixed batch size; larger inputs run batch by batch.
/// Always uses the current parameters. `labels`, one per row, are for conditional models; others
/// ignore them.
class Inference {
 public:
  using Labels = std::span<const uint32_t>;

  /// `device` and `model` (allocated) must outlive this.
  Inference(hal::Device& device, const Model& model, uint32_t batch);

  /// images [N, height·width·channels], 0 … 1 → moments [N, 2z]: z means, then z log-variances.
  /// Like decode() and reconstruct(), waits for the device, so it cannot be used in a browser.
  std::vector<float> encode(std::span<const float> images, Labels labels = {});
  /// The means alone, [N, z].
  std::vector<float> encode_means(std::span<const float> images, Labels labels = {});
  /// latents [N, z] → images [N, height·width·channels].
  std::vector<float> decode(std::span<const float> latents, Labels labels = {});
  /// The images after each pass of one decode, for at most one batch of latents.
  std::vector<std::vector<float>> decode_each_pass(std::span<const float> latents,
                                                   Labels labels = {});
  /// images → images, by way of the means.
  std::vector<float> reconstruct(std::span<const float> images, Labels labels = {});

  /// Starts decoding at most one batch; the results are the first rows of the readback.
  std::unique_ptr<hal::Readback> start_decode(std::span<const float> latents, Labels labels = {});
  /// Starts encoding in the same way: images → moments.
  std::unique_ptr<hal::Readback> start_encode(std::span<const float> images, Labels labels = {});

  /// Sets the sampling options of the model's family, in their order, for all later decodes. Throws
  /// Error as require_sampling() does.
  void set_sampling(std::vector<double> values);
  const std::vector<double>& sampling() const { return sampling_; }

  /// Passes and kernel launches of one decode.
  size_t decode_pass_count() const { return decode_passes().size(); }
  size_t decode_dispatches();

  bool can_encode() const { return model_.can_encode(); }
  bool can_decode() const { return model_.can_decode(); }
  uint32_t batch() const { return batch_; }
  const Shape& image() const { return model_.description().image(); }
  uint32_t image_size() const { return static_cast<uint32_t>(image().size()); }
  uint32_t latent_size() const { return model_.description().latent_size(); }
  uint32_t classes() const { return model_.description().classes(); }

 private:
  Direction& encoder();
  Direction& decoder();
  std::vector<DecodePass> decode_passes() const { return model_.decode_passes(sampling_); }

  hal::Device& device_;
  const Model& model_;
  uint32_t batch_;
  std::vector<double> sampling_;
  std::unique_ptr<Direction> encoder_;
  std::unique_ptr<Direction> decoder_;
};

}  // namespace pumice::models
