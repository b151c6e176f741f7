#include "engine/models/gan/gan.h"

#include "engine/base/require.h"
#include "engine/models/condition.h"

namespace pumice::models {

Gan::Gan(nn::Parameters& generator, nn::Parameters& discriminator,
         const GanDescription& description, nn::Initialization initialization)
    : description_(description),
      generator_(generator, "generator", {description.latent_size + description.classes},
                 description.generator, initialization),
      discriminator_(
          discriminator, "discriminator",
          conditioned_picture(description.picture, description.classes, description.discriminator),
          description.discriminator, initialization) {
  generator_.require_output(description.picture.size(),
                            fmt::format("a picture of {}", description.picture));
  discriminator_.require_output(1, "a score of the picture");
}

Tensor Gan::generate(const Tensor& latents, const nn::Pass& pass, const Tensor& labels) const {
  Tensor pictures = generator_(with_labels(latents, labels, description_.classes), pass);
  return ops::reshape(pictures, {latents.shape()[0], uint32_t(description_.picture.size())});
}

Tensor Gan::discriminate(const Tensor& pictures, const nn::Pass& pass, const Tensor& labels) const {
  Tensor input = with_label_planes(pictures, labels, description_.classes, discriminator_.input());
  return ops::reshape(discriminator_(input, pass), {pictures.shape()[0], 1});
}

Tensor Gan::decode(const Tensor& latents, const Tensor& labels) const {
  Tensor pictures = generate(latents, {}, labels);
  return description_.range == PixelRange::kUnit ? pictures : ops::affine(pictures, 0.5f, 0.5f);
}

Tensor Gan::to_range(const Tensor& pictures) const {
  return description_.range == PixelRange::kUnit ? pictures : ops::affine(pictures, 2, -1);
}

}  // namespace pumice::models
