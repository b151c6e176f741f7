#include "engine/io/network_json.h"

#include "engine/base/require.h"
#include "engine/io/json_object.h"
#include "engine/io/layer_json.h"

namespace pumice::io {
namespace {

constexpr uint32_t kVersion = 1;

Json head(const nn::Description& description) {
  return {{"format", "pumice-network"},
          {"version", kVersion},
          {"model", nn::kind_of(description)},
          {"picture", nn::picture_of(description).extents()}};
}

void put_latents(Json& json, uint32_t latent_size, uint32_t classes) {
  json["latent_size"] = latent_size;
  if (classes > 0) json["classes"] = classes;
}

void put(Json& json, const nn::VaeDescription& vae) {
  put_latents(json, vae.latent_size, vae.classes);
  json["reconstruction"] = vae.reconstruction == nn::Reconstruction::kBce ? "bce" : "mse";
  json["encoder"] = layers_to_json(vae.encoder);
  json["decoder"] = layers_to_json(vae.decoder);
}

void put(Json& json, const nn::GanDescription& gan) {
  put_latents(json, gan.latent_size, gan.classes);
  json["range"] = gan.range == nn::PixelRange::kUnit ? "unit" : "symmetric";
  json["generator"] = layers_to_json(gan.generator);
  json["discriminator"] = layers_to_json(gan.discriminator);
}

void put(Json& json, const nn::ClassifierDescription& classifier) {
  json["classes"] = classifier.classes;
  json["layers"] = layers_to_json(classifier.layers);
}

std::vector<nn::Layer> read_layers(const JsonObject& network, const char* key) {
  return layers_from_json(network.array(key), network.name_of(key));
}

/// Whether the text is `first`; else it has to be `second`.
bool is_first(const JsonObject& network, const char* key, std::string_view first,
              std::string_view second) {
  if (network.text(key) == first) return true;
  network.require_text(key, second);
  return false;
}

uint32_t read_classes(const JsonObject& network) {
  return network.has("classes") ? network.whole("classes") : 0;
}

Shape read_picture(const JsonObject& network) {
  Shape picture(network.wholes("picture"));
  require(picture.rank() == 3, "{}: expected [height, width, channels], found {}",
          network.name_of("picture"), picture);
  return picture;
}

void require_known(const JsonObject& network, std::initializer_list<std::string> keys) {
  std::vector<std::string> known{"format", "version", "model", "picture"};
  known.insert(known.end(), keys.begin(), keys.end());
  network.require_known(known);
}

nn::VaeDescription read_vae(const JsonObject& network) {
  require_known(network, {"latent_size", "classes", "reconstruction", "encoder", "decoder"});
  const bool is_bce = is_first(network, "reconstruction", "bce", "mse");
  return {.picture = read_picture(network),
          .latent_size = network.whole("latent_size"),
          .classes = read_classes(network),
          .encoder = read_layers(network, "encoder"),
          .decoder = read_layers(network, "decoder"),
          .reconstruction = is_bce ? nn::Reconstruction::kBce : nn::Reconstruction::kSquaredError};
}

nn::GanDescription read_gan(const JsonObject& network) {
  require_known(network, {"latent_size", "classes", "range", "generator", "discriminator"});
  const bool is_symmetric = is_first(network, "range", "symmetric", "unit");
  return {.picture = read_picture(network),
          .latent_size = network.whole("latent_size"),
          .classes = read_classes(network),
          .generator = read_layers(network, "generator"),
          .discriminator = read_layers(network, "discriminator"),
          .range = is_symmetric ? nn::PixelRange::kSymmetric : nn::PixelRange::kUnit};
}

nn::ClassifierDescription read_classifier(const JsonObject& network) {
  require_known(network, {"classes", "layers"});
  return {.picture = read_picture(network),
          .classes = network.whole("classes"),
          .layers = read_layers(network, "layers")};
}

}  // namespace

std::string network_to_json(const nn::Description& description) {
  Json json = head(description);
  std::visit([&](const auto& kind) { put(json, kind); }, description);
  return json.dump();
}

nn::Description network_from_json(std::string_view text, const std::string& where) {
  const Json json = parse_json(text, where);
  const JsonObject network(json, where);
  network.require_text("format", "pumice-network");
  const uint32_t version = network.whole("version");
  require(version == kVersion, "{}: expected {}, found {}", network.name_of("version"), kVersion,
          version);
  const std::string model = network.text("model");
  if (model == "vae") return read_vae(network);
  if (model == "gan") return read_gan(network);
  if (model == "classifier") return read_classifier(network);
  network.refuse("model", "\"vae\", \"gan\" or \"classifier\"");
}

}  // namespace pumice::io
