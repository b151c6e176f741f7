#pragma once

#include "engine/models/description.h"
#include "engine/nn/network.h"

namespace pumice::models {

extern const Family kVae;  ///< a row of families()

/// The likelihood model of a reconstruction.
enum class Reconstruction : uint8_t {
  kBce,           ///< Bernoulli: the decoder outputs logits; the image is their sigmoid
  kSquaredError,  ///< the decoder outputs the image
};

struct VaeDescription {
  Shape image;                     ///< [height, width, channels]
  uint32_t latent_size = 0;        ///< z
  uint32_t classes = 0;            ///< of a conditional VAE (Sohn et al., 2015), or 0
  std::vector<nn::Layer> encoder;  ///< an image → 2·z moments
  std::vector<nn::Layer> decoder;  ///< z latents → the input of the reconstruction loss
  Reconstruction reconstruction = Reconstruction::kBce;

  /// Visits the keys of a checkpoint's JSON that follow the image.
  void describe(nn::LayerFields& fields);
  static const Family& family() { return kVae; }
  bool operator==(const VaeDescription&) const = default;
};

/// Variational autoencoder (Kingma and Welling, "Auto-encoding variational Bayes", 2014) with a
/// diagonal Gaussian posterior. B images are [B, height·width·channels], 0 … 1; `labels` are u32
/// [B] in a conditional VAE, otherwise absent; condition.h describes how the networks receive them.
class Vae {
 public:
  /// Throws Error if the encoder or decoder has the wrong number of outputs.
  Vae(nn::Parameters& parameters, const VaeDescription& description,
      nn::Initialization initialization = nn::Initialization::kFanIn)
      : Vae(parameters, parameters, description, initialization) {}
  /// With the encoder's parameters apart from the decoder's.
  Vae(nn::Parameters& encoder, nn::Parameters& decoder, const VaeDescription& description,
      nn::Initialization initialization);

  /// images → moments [B, 2z]: z means, then z log-variances.
  Tensor encode(const Tensor& images, const nn::ForwardContext& pass = {},
                const Tensor& labels = {}) const;
  /// latents [B, z] → the input of the reconstruction loss: logits or images.
  Tensor decode_raw(const Tensor& latents, const nn::ForwardContext& pass = {},
                    const Tensor& labels = {}) const;
  /// latents [B, z] → images.
  Tensor decode(const Tensor& latents, const Tensor& labels = {}) const;

  /// Nats per image, each [B].
  struct Loss {
    Tensor reconstruction;
    Tensor divergence;  ///< KL divergence of the posterior from N(0, 1)
  };
  /// `noise`: [B, z], standard normal.
  Loss loss(const Tensor& images, const Tensor& noise, const nn::ForwardContext& pass = {},
            const Tensor& labels = {}) const;

  const VaeDescription& description() const { return description_; }
  const nn::Network& encoder() const { return encoder_; }
  const nn::Network& decoder() const { return decoder_; }

 private:
  VaeDescription description_;
  nn::Network encoder_;
  nn::Network decoder_;
};

}  // namespace pumice::models
