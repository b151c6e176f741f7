#include "engine/models/vae/vae_spec.h"

#include "engine/models/last_activation.h"
#include "engine/models/vae/vae_model.h"
#include "engine/models/vae/vae_trainer.h"

namespace pumice::models {
namespace {

bool is_bce(const VaeSpec& spec) { return spec.loss.reconstruction == "bce"; }

std::vector<nn::Layer> decoder_layers(const VaeSpec& spec, const Shape& image, uint32_t classes) {
  std::vector<nn::Layer> layers =
      nn::ending_with_image(spec.decoder, {spec.latent_size + classes}, image);
  if (is_bce(spec)) {
    require_last_activation("decoder", layers, "none",
                            "(loss.reconstruction 'bce' applies the sigmoid itself)");
  }
  return layers;
}

}  // namespace

void VaeSpec::describe(nn::Fields& fields) {
  optim::describe(fields, "optimizer", optimizer);
  fields.choice("loss.reconstruction", loss.reconstruction, {"bce", "mse"});
  if (is_bce(*this) && (fields.reads() || loss.binarize)) {
    fields.flag("loss.binarize", loss.binarize);
  }
  fields.number("loss.kl_weight", loss.kl_weight, nn::kNotNegative);
  fields.whole("loss.kl_warm_up_epochs", loss.kl_warm_up_epochs, 0);
  fields.layers("encoder.layers", encoder);
  fields.whole("latent.size", latent_size, 1);
  fields.layers("decoder.layers", decoder);
}

Description VaeSpec::description(const Shape& image, uint32_t classes) const {
  return VaeDescription{
      .image = image,
      .latent_size = latent_size,
      .classes = classes,
      .encoder = nn::with_linear(encoder, 2 * latent_size),
      .decoder = decoder_layers(*this, image, classes),
      .reconstruction = is_bce(*this) ? Reconstruction::kBce : Reconstruction::kSquaredError};
}

std::unique_ptr<train::Trainer> VaeSpec::trainer(hal::Device& device, const Model& model,
                                                 const TrainingInput& input) const {
  const auto& of_vae = dynamic_cast<const VaeModel&>(model);
  const uint32_t updates = optim::updates_per_epoch(input.data.train->count(), input.batch);
  const VaeOptions options{.batch = input.batch,
                           .binarize = loss.binarize,
                           .kl_weight = loss.kl_weight,
                           .kl_warm_up_steps = optim::updates_of("loss.kl_warm_up_epochs",
                                                                 loss.kl_warm_up_epochs, updates),
                           .seed = input.seed,
                           .parallel = input.parallel,
                           .optimizer = optim::options_of("optimizer", optimizer, updates)};
  return std::make_unique<VaeTrainer>(device, of_vae.vae(), of_vae.vae_parameters(), input.data,
                                      options);
}

}  // namespace pumice::models
