#include "engine/io/layer_json.h"

#include "engine/io/json_fields.h"
#include "engine/nn/layers/layers.h"

namespace pumice::io {
namespace {

Json all_keys(nn::Layer layer) {
  JsonWriter writer;
  nn::describe(writer, layer);
  return writer.take();
}

Json to_json(const nn::Layer& layer) {
  Json object = all_keys(layer);
  const Json defaults = all_keys(nn::layer_of_type(layer.type()));
  for (const auto& [key, value] : defaults.items()) {
    if (key != "type" && object[key] == value) object.erase(key);
  }
  return object;
}

}  // namespace

Json layers_to_json(const std::vector<nn::Layer>& layers) {
  Json array = Json::array();
  for (const nn::Layer& layer : layers) array.push_back(to_json(layer));
  return array;
}

std::vector<nn::Layer> layers_from_json(const Json& array, const std::string& where) {
  std::vector<nn::Layer> layers;
  for (const Json& value : array) {
    JsonReader reader(value, fmt::format("{}[{}]", where, layers.size()),
                      JsonReader::Defaults::kAllowed);
    nn::describe(reader, layers.emplace_back());
    reader.finish();
  }
  return layers;
}

}  // namespace pumice::io
