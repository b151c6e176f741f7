#include "engine/io/network_json.h"

#include "engine/base/require.h"
#include "engine/io/json_object.h"
#include "engine/io/layer_json.h"

namespace pumice::io {
namespace {

using nlohmann::ordered_json;

constexpr uint32_t kVersion = 1;

std::string_view name(nn::Reconstruction reconstruction) {
  return reconstruction == nn::Reconstruction::kBce ? "bce" : "mse";
}

std::vector<nn::Layer> read_layers(const JsonObject& network, const char* key) {
  return layers_from_json(network.array(key), network.name_of(key));
}

nn::Reconstruction read_reconstruction(const JsonObject& network) {
  std::string text = network.text("reconstruction");
  if (text == "bce") return nn::Reconstruction::kBce;
  network.require_text("reconstruction", "mse");
  return nn::Reconstruction::kSquaredError;
}

Shape read_picture(const JsonObject& network) {
  Shape picture(network.wholes("picture"));
  require(picture.rank() == 3, "{}: expected [height, width, channels], found {}",
          network.name_of("picture"), picture);
  return picture;
}

}  // namespace

std::string network_to_json(const nn::VaeDescription& description) {
  return ordered_json{{"format", "pumice-network"},
                      {"version", kVersion},
                      {"model", "vae"},
                      {"picture", description.picture.extents()},
                      {"latent_size", description.latent_size},
                      {"reconstruction", name(description.reconstruction)},
                      {"encoder", layers_to_json(description.encoder)},
                      {"decoder", layers_to_json(description.decoder)}}
      .dump();
}

nn::VaeDescription network_from_json(std::string_view text, const std::string& where) {
  nlohmann::json json = parse_json(text, where);
  JsonObject network(json, where,
                     {"format", "version", "model", "picture", "latent_size", "reconstruction",
                      "encoder", "decoder"});
  network.require_text("format", "pumice-network");
  uint32_t version = network.whole("version");
  require(version == kVersion, "{}: expected {}, found {}", network.name_of("version"), kVersion,
          version);
  network.require_text("model", "vae");
  return {.picture = read_picture(network),
          .latent_size = network.whole("latent_size"),
          .encoder = read_layers(network, "encoder"),
          .decoder = read_layers(network, "decoder"),
          .reconstruction = read_reconstruction(network)};
}

}  // namespace pumice::io
