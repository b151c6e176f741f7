#include "engine/models/vae/vae_model.h"

namespace pumice::models {

VaeModel::VaeModel(const VaeDescription& description, const ModelOptions& options)
    : Model(description),
      has_encoder_(options.purpose != Purpose::kDecoding),
      vae_(has_encoder_ ? vae_parameters_ : left_out_, vae_parameters_, description,
           options.initialization) {
  add_parameters("", vae_parameters_);
}

std::vector<const nn::Network*> VaeModel::networks() const {
  return {&vae_.encoder(), &vae_.decoder()};
}

Tensor VaeModel::encode(const Tensor& images, const Tensor& labels) const {
  return vae_.encode(images, {}, labels);
}

Decoded VaeModel::decode(uint32_t, const DecodeInput& input) const {
  return {vae_.decode(input.latents, input.labels)};
}

}  // namespace pumice::models
