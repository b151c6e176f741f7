#pragma once

#include <optional>

#include "web/drawing/image_view.h"
#include "web/state/decoder.h"

namespace pumice::web {

/// One of two models that are compared: the image of a latent, large, and samples of a seed.
class CompareSide {
 public:
  static constexpr uint32_t kSamples = 8;

  /// The workspace of its model must outlive this.
  explicit CompareSide(Workspace& workspace);

  /// Requests the image of `latent` and the samples of the workspace's seed and class.
  void request(const std::vector<float>& latent);
  void poll();
  /// Both are decoded at the next request, whether or not the latents change.
  void decode_anew();

  /// `side` pixels wide, and its samples below. The sample that was clicked, if any.
  std::optional<uint32_t> draw(float side);

  const std::string& model() const { return workspace_.model; }

 private:
  struct Wanted {
    uint64_t seed;
    uint32_t label;
    bool operator==(const Wanted&) const = default;
  };
  Workspace& workspace_;
  Decoder point_, samples_;
  std::vector<float> requested_point_;
  std::optional<Wanted> requested_samples_;
  ImageView image_, view_;
};

}  // namespace pumice::web
