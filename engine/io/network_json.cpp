#include "engine/io/network_json.h"

#include "engine/base/require.h"
#include "engine/io/json_object.h"

namespace pumice::io {
namespace {

using nlohmann::ordered_json;

constexpr uint32_t kVersion = 1;

std::string_view name(nn::Reconstruction reconstruction) {
  return reconstruction == nn::Reconstruction::kBce ? "bce" : "mse";
}

ordered_json to_json(const nn::Layer& layer) {
  ordered_json object{{"type", layer.type}, {"out", layer.out}};
  if (layer.activation != "none") object["activation"] = layer.activation;
  return object;
}

ordered_json to_json(const std::vector<nn::Layer>& layers) {
  ordered_json array = ordered_json::array();
  for (const nn::Layer& layer : layers) array.push_back(to_json(layer));
  return array;
}

nn::Layer read_layer(const nlohmann::json& value, const std::string& where) {
  JsonObject object(value, where, {"type", "out", "activation"});
  nn::Layer layer{.type = object.text("type"), .out = object.whole("out")};
  if (object.has("activation")) layer.activation = object.text("activation");
  return layer;
}

// All layers but the last, which must be the one that the model adds.
std::vector<nn::Layer> read_hidden(const JsonObject& network, const char* key,
                                   const nn::Layer& last) {
  std::vector<nn::Layer> layers;
  for (const nlohmann::json& value : network.array(key)) {
    layers.push_back(read_layer(value, fmt::format("{}[{}]", network.name_of(key), layers.size())));
  }
  std::string expected = to_json(last).dump();
  std::string found = layers.empty() ? "no layer" : to_json(layers.back()).dump();
  require(found == expected, "{}: expected {} as the last layer, found {}", network.name_of(key),
          expected, found);
  layers.pop_back();
  return layers;
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
                      {"encoder", to_json(nn::encoder_layers(description))},
                      {"decoder", to_json(nn::decoder_layers(description))}}
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
  nn::VaeDescription description{.picture = read_picture(network),
                                 .latent_size = network.whole("latent_size"),
                                 .reconstruction = read_reconstruction(network)};
  nn::Layer last_encoder = nn::encoder_layers(description).back();
  nn::Layer last_decoder = nn::decoder_layers(description).back();
  description.encoder = read_hidden(network, "encoder", last_encoder);
  description.decoder = read_hidden(network, "decoder", last_decoder);
  return description;
}

}  // namespace pumice::io
