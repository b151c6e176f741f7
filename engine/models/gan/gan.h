#pragma once

#include "engine/models/description.h"
#include "engine/nn/network.h"

namespace pumice::models {

extern const Family kGan;  ///< a row of families()

/// The range of a generator's pixels.
enum class PixelRange : uint8_t {
  kUnit,       ///< 0 … 1: the last activation is a sigmoid
  kSymmetric,  ///< -1 … 1: tanh
};

struct GanDescription {
  Shape image;                           ///< [height, width, channels]
  uint32_t latent_size = 0;              ///< z
  uint32_t classes = 0;                  ///< of a conditional GAN (Mirza and Osindero, 2014), or 0
  std::vector<nn::Layer> generator;      ///< z latents → an image, last activation included
  std::vector<nn::Layer> discriminator;  ///< an image → one number, without activation
  PixelRange range = PixelRange::kSymmetric;

  /// Visits the keys of a checkpoint's JSON that follow the image.
  void describe(nn::LayerFields& fields);
  static const Family& family() { return kGan; }
  bool operator==(const GanDescription&) const = default;
};

/// Generative adversarial network (Goodfellow et al., 2014): a generator and a discriminator,
/// called a critic for Wasserstein losses. B images are [B, height·width·channels]; `labels` are
/// u32 [B] in a conditional GAN, otherwise absent. Labels are appended to latents one-hot; to
/// images one-hot if the first layer is linear, otherwise as one plane per class, filled with
/// ones for the label.
class Gan {
 public:
  /// The networks' parameters, "generator.0.weight" and "discriminator.0.weight", …, are separate,
  /// as each network has its own optimizer. Throws Error if a network has the wrong number of
  /// outputs.
  Gan(nn::Parameters& generator, nn::Parameters& discriminator, const GanDescription& description,
      nn::Initialization initialization = nn::Initialization::kFanIn);

  /// latents [B, z] → images in the description's range.
  Tensor generate(const Tensor& latents, const nn::ForwardContext& pass = {},
                  const Tensor& labels = {}) const;
  /// images in the description's range → logits, or the critic's scores, [B, 1].
  Tensor discriminate(const Tensor& images, const nn::ForwardContext& pass = {},
                      const Tensor& labels = {}) const;
  /// latents [B, z] → images 0 … 1.
  Tensor decode(const Tensor& latents, const Tensor& labels = {}) const;
  /// images 0 … 1 → images in the description's range.
  Tensor to_range(const Tensor& images) const;

  const GanDescription& description() const { return description_; }
  const nn::Network& generator() const { return generator_; }
  const nn::Network& discriminator() const { return discriminator_; }

 private:
  GanDescription description_;
  nn::Network generator_;
  nn::Network discriminator_;
};

}  // namespace pumice::models
