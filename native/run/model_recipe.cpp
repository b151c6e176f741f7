#include "native/run/model_recipe.h"

#include "engine/base/require.h"
#include "engine/data/dataset.h"
#include "engine/nn/condition.h"

namespace pumice {
namespace {

/// What a picture's last numbers go through is for the loss to say.
void require_last_activation(std::string_view network, const std::vector<Layer>& layers,
                             std::string_view expected, std::string_view reason) {
  size_t last = layers.size() - 1;
  while (last > 0 && layers[last].keeps_values()) --last;
  const Layer& layer = layers[last];
  require(layer.activation() == expected, "{}.{} ({}): expects the activation {} {}, got {}",
          network, last, layer.type(), expected, reason, layer.activation());
}

uint32_t told_classes(const Recipe& recipe, const PictureKind& kind) {
  if (!recipe.conditional) return 0;
  require(kind.classes > 0, "{}: a conditional model expects pictures with classes, {} has none",
          recipe.name, recipe.data.name);
  return kind.classes;
}

std::vector<Layer> decoder_layers(const Recipe& recipe, const Shape& picture, uint32_t classes) {
  std::vector<Layer> layers =
      nn::ending_with_picture(recipe.decoder, {recipe.latent_size + classes}, picture);
  if (recipe.loss.reconstruction == "bce") {
    require_last_activation("decoder", layers, "none",
                            "(loss.reconstruction 'bce' applies the sigmoid itself)");
  }
  return layers;
}

nn::VaeDescription describe_vae(const Recipe& recipe, const PictureKind& kind) {
  const uint32_t classes = told_classes(recipe, kind);
  return {.picture = kind.picture,
          .latent_size = recipe.latent_size,
          .classes = classes,
          .encoder = nn::with_linear(recipe.encoder, 2 * recipe.latent_size),
          .decoder = decoder_layers(recipe, kind.picture, classes),
          .reconstruction = recipe.loss.reconstruction == "bce"
                                ? nn::Reconstruction::kBce
                                : nn::Reconstruction::kSquaredError};
}

std::vector<Layer> generator_layers(const Recipe& recipe, const Shape& picture, uint32_t classes) {
  std::vector<Layer> layers = nn::ending_with_picture(
      recipe.generator, {recipe.latent_size + classes}, picture, recipe.output, "generator");
  require_last_activation("generator", layers, recipe.output, "of generator.output");
  return layers;
}

// A scratch critic tells by its parameters what is in it, whatever residual layers hide.
void require_second_gradients(const std::vector<Layer>& critic, const Shape& input) {
  nn::Parameters parameters;
  nn::Network(parameters, "discriminator", input, critic);
  for (const nn::Parameter& parameter : parameters.list()) {
    const std::string_view name = parameter.name;
    const std::string_view layer = name.substr(0, name.rfind('.'));
    constexpr std::string_view kReason =
        "has no gradient of its gradient, which the penalty of loss.kind 'wasserstein_gp' needs";
    require(!name.ends_with(".running_mean"), "{} (batch_norm): {}; {}", layer, kReason,
            layer.find(".shortcut.") == layer.npos
                ? "use layer_norm"
                : "a residual layer that changes the shape brings it along: use one that does not");
    require(!name.ends_with(".recurrent"), "{} (lstm): {}; use linear or conv2d", layer, kReason);
  }
}

std::vector<Layer> discriminator_layers(const Recipe& recipe, const Shape& picture,
                                        uint32_t classes) {
  std::vector<Layer> layers = nn::with_linear(recipe.discriminator, 1);
  if (recipe.loss.kind == "wasserstein_gp") {
    require_second_gradients(layers, nn::conditioned_picture(picture, classes, layers));
  }
  return layers;
}

nn::GanDescription describe_gan(const Recipe& recipe, const PictureKind& kind) {
  const uint32_t classes = told_classes(recipe, kind);
  return {.picture = kind.picture,
          .latent_size = recipe.latent_size,
          .classes = classes,
          .generator = generator_layers(recipe, kind.picture, classes),
          .discriminator = discriminator_layers(recipe, kind.picture, classes),
          .range = recipe.output == "tanh" ? nn::PixelRange::kSymmetric : nn::PixelRange::kUnit};
}

nn::ClassifierDescription describe_classifier(const Recipe& recipe, const PictureKind& kind) {
  require(kind.classes > 0, "{}: a classifier expects pictures with classes, {} has none",
          recipe.name, recipe.data.name);
  return {.picture = kind.picture,
          .classes = kind.classes,
          .layers = nn::with_linear(recipe.classifier, kind.classes)};
}

}  // namespace

PictureKind picture_kind(const data::ImageSet& images) {
  return {{images.height, images.width, images.channels}, images.classes()};
}

PictureKind picture_kind(const Recipe::Data& data) {
  const data::Dataset& dataset = data::find_dataset(data.name);
  if (!dataset.has_shape()) return {{data.size, data.size, data.channels}, 0};
  return {{dataset.shape[0], dataset.shape[1], dataset.shape[2]}, dataset.classes};
}

nn::Description describe_model(const Recipe& recipe, const PictureKind& kind) {
  if (recipe.model == "gan") return describe_gan(recipe, kind);
  if (recipe.model == "classifier") return describe_classifier(recipe, kind);
  return describe_vae(recipe, kind);
}

nn::Model::Options model_options(const Recipe& recipe) {
  return {.initialization = nn::initialization_by_name(recipe.initialization),
          .average = recipe.model == "gan" && recipe.ema_decay > 0};
}

}  // namespace pumice
