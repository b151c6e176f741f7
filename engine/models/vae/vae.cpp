#include "engine/models/vae/vae.h"

#include "engine/models/condition.h"

namespace pumice::models {
namespace {

Tensor flat(const Tensor& x) {
  return ops::reshape(x, {x.shape()[0], static_cast<uint32_t>(x.size() / x.shape()[0])});
}

}  // namespace

Vae::Vae(nn::Parameters& encoder, nn::Parameters& decoder, const VaeDescription& description,
         nn::Initialization initialization)
    : description_(description),
      encoder_(encoder, "encoder",
               conditioned_image(description.image, description.classes, description.encoder),
               description.encoder, initialization),
      decoder_(decoder, "decoder", {description.latent_size + description.classes},
               description.decoder, initialization) {
  encoder_.require_output(2ull * description.latent_size,
                          "a mean and a log-variance for each latent");
  decoder_.require_output(description.image.size(),
                          fmt::format("an image of {}", description.image));
}

Tensor Vae::encode(const Tensor& images, const nn::ForwardContext& pass,
                   const Tensor& labels) const {
  return flat(
      encoder_(with_label_planes(images, labels, description_.classes, encoder_.input()), pass));
}

Tensor Vae::decode_raw(const Tensor& latents, const nn::ForwardContext& pass,
                       const Tensor& labels) const {
  return flat(decoder_(with_labels(latents, labels, description_.classes), pass));
}

Tensor Vae::decode(const Tensor& latents, const Tensor& labels) const {
  const bool are_logits = description_.reconstruction == Reconstruction::kBce;
  return flat(decoder_.activated(with_labels(latents, labels, description_.classes),
                                 are_logits ? ops::Activation::kSigmoid : ops::Activation::kNone));
}

Vae::Loss Vae::loss(const Tensor& images, const Tensor& noise, const nn::ForwardContext& pass,
                    const Tensor& labels) const {
  Tensor moments = encode(images, pass, labels);
  Tensor raw = decode_raw(ops::gaussian_sample(moments, noise), pass, labels);
  Tensor reconstruction = description_.reconstruction == Reconstruction::kBce
                              ? ops::bce_with_logits(raw, images)
                              : ops::squared_error(raw, images);
  return {reconstruction, ops::gaussian_kl(moments)};
}

}  // namespace pumice::models
