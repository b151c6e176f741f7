#pragma once

#include "engine/models/description.h"
#include "engine/nn/network.h"

namespace pumice::models {

extern const Family kGan;  ///< the row of the table

/// The numbers that a generator's pixels are.
enum class PixelRange : uint8_t {
  kUnit,       ///< 0 … 1: its last activation is a sigmoid
  kSymmetric,  ///< -1 … 1: tanh
};

struct GanDescription {
  Shape picture;                         ///< [height, width, channels]
  uint32_t latent_size = 0;              ///< z
  uint32_t classes = 0;                  ///< of a conditional GAN (Mirza and Osindero, 2014), or 0
  std::vector<nn::Layer> generator;      ///< z latents → a picture, last activation included
  std::vector<nn::Layer> discriminator;  ///< a picture → one number without activation
  PixelRange range = PixelRange::kSymmetric;

  /// Visits the keys of a checkpoint's JSON after the picture.
  void describe(nn::LayerFields& fields);
  static const Family& family() { return kGan; }
  bool operator==(const GanDescription&) const = default;
};

/// Generative adversarial networks (Goodfellow et al., 2014): a generator, and a discriminator or,
/// for Wasserstein distances, a critic. B pictures are [B, height·width·channels]; `labels` are
/// u32 [B] in a conditional GAN, absent else. A label is appended to the latents as one-hot; to
/// pictures as one-hot where the first layer is linear, else as a plane of ones for its class.
class Gan {
 public:
  /// The networks' parameters, "generator.0.weight" and "discriminator.0.weight", …, are apart:
  /// each has an optimizer. Throws Error when a network ends with another number of values.
  Gan(nn::Parameters& generator, nn::Parameters& discriminator, const GanDescription& description,
      nn::Initialization initialization = nn::Initialization::kFanIn);

  /// latents [B, z] → pictures in the description's range.
  Tensor generate(const Tensor& latents, const nn::Pass& pass = {},
                  const Tensor& labels = {}) const;
  /// pictures in the description's range → logits, or the critic's opinion, [B, 1].
  Tensor discriminate(const Tensor& pictures, const nn::Pass& pass = {},
                      const Tensor& labels = {}) const;
  /// latents [B, z] → pictures 0 … 1.
  Tensor decode(const Tensor& latents, const Tensor& labels = {}) const;
  /// pictures 0 … 1 → the same in the description's range.
  Tensor to_range(const Tensor& pictures) const;

  const GanDescription& description() const { return description_; }
  const nn::Network& generator() const { return generator_; }
  const nn::Network& discriminator() const { return discriminator_; }

 private:
  GanDescription description_;
  nn::Network generator_;
  nn::Network discriminator_;
};

}  // namespace pumice::models
