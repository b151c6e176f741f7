#include "engine/nn/vae.h"

#include "engine/base/require.h"

namespace pumice::nn {
namespace {

Tensor flat(const Tensor& x) {
  return ops::reshape(x, {x.shape()[0], static_cast<uint32_t>(x.size() / x.shape()[0])});
}

void require_output(const Network& network, uint64_t expected, std::string_view meaning) {
  require(network.output().size() == expected,
          "{}: expects layers that end with {} values, {}, got {}", network.name(), expected,
          meaning, network.output());
}

}  // namespace

Vae::Vae(Parameters& parameters, const VaeDescription& description, Initialization initialization)
    : description_(description),
      encoder_(parameters, "encoder", description.picture, description.encoder, initialization),
      decoder_(parameters, "decoder", {description.latent_size}, description.decoder,
               initialization) {
  require_output(encoder_, 2ull * description.latent_size,
                 "a mean and a log-variance for each latent");
  require_output(decoder_, description.picture.size(),
                 fmt::format("a picture of {}", description.picture));
}

Tensor Vae::encode(const Tensor& pictures, const Pass& pass) const {
  return flat(encoder_(pictures, pass));
}

Tensor Vae::decode_raw(const Tensor& latents, const Pass& pass) const {
  return flat(decoder_(latents, pass));
}

Tensor Vae::decode(const Tensor& latents) const {
  Tensor raw = decode_raw(latents);
  return description_.reconstruction == Reconstruction::kBce ? ops::sigmoid(raw) : raw;
}

Vae::Loss Vae::loss(const Tensor& pictures, const Tensor& noise, const Pass& pass) const {
  Tensor moments = encode(pictures, pass);
  Tensor raw = decode_raw(ops::gaussian_sample(moments, noise), pass);
  Tensor reconstruction = description_.reconstruction == Reconstruction::kBce
                              ? ops::bce_with_logits(raw, pictures)
                              : ops::squared_error(raw, pictures);
  return {reconstruction, ops::gaussian_kl(moments)};
}

}  // namespace pumice::nn
