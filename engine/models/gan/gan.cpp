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
          conditioned_image(description.image, description.classes, description.discriminator),
          description.discriminator, initialization) {
  generator_.require_output(description.image.size(),
                            fmt::format("an image of {}", description.image));
  discriminator_.require_output(1, "a score of the image");
}

Tensor Gan::generate(const Tensor& latents, const nn::ForwardContext& pass,
                     const Tensor& labels) const {
  Tensor images = generator_(with_labels(latents, labels, description_.classes), pass);
  return ops::reshape(images, {latents.shape()[0], uint32_t(description_.image.size())});
}

Tensor Gan::discriminate(const Tensor& images, const nn::ForwardContext& pass,
                         const Tensor& labels) const {
  Tensor input = with_label_planes(images, labels, description_.classes, discriminator_.input());
  return ops::reshape(discriminator_(input, pass), {images.shape()[0], 1});
}

Tensor Gan::decode(const Tensor& latents, const Tensor& labels) const {
  Tensor images = generate(latents, {}, labels);
  return description_.range == PixelRange::kUnit ? images : ops::affine(images, 0.5f, 0.5f);
}

Tensor Gan::to_range(const Tensor& images) const {
  return description_.range == PixelRange::kUnit ? images : ops::affine(images, 2, -1);
}

}  // namespace pumice::models
