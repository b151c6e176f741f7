#include "engine/nn/vae.h"

namespace pumice::nn {
namespace {

std::vector<Layer> with_last(std::vector<Layer> layers, uint32_t out) {
  layers.push_back({.type = "linear", .out = out});
  return layers;
}

}  // namespace

std::vector<Layer> encoder_layers(const VaeDescription& description) {
  return with_last(description.encoder, 2 * description.latent_size);
}

std::vector<Layer> decoder_layers(const VaeDescription& description) {
  return with_last(description.decoder, static_cast<uint32_t>(description.picture.size()));
}

Vae::Vae(Parameters& parameters, const VaeDescription& description)
    : description_(description),
      encoder_(parameters, "encoder", description.picture, encoder_layers(description)),
      decoder_(parameters, "decoder", {description.latent_size}, decoder_layers(description)) {}

Tensor Vae::decode(const Tensor& latents) const {
  Tensor raw = decode_raw(latents);
  return description_.reconstruction == Reconstruction::kBce ? ops::sigmoid(raw) : raw;
}

Vae::Loss Vae::loss(const Tensor& pictures, const Tensor& noise) const {
  Tensor moments = encode(pictures);
  Tensor raw = decode_raw(ops::gaussian_sample(moments, noise));
  Tensor reconstruction = description_.reconstruction == Reconstruction::kBce
                              ? ops::bce_with_logits(raw, pictures)
                              : ops::squared_error(raw, pictures);
  return {reconstruction, ops::gaussian_kl(moments)};
}

}  // namespace pumice::nn
