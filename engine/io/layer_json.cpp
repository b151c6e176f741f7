#include "engine/io/layer_json.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "engine/base/require.h"
#include "engine/io/json_object.h"
#include "engine/nn/layers/layers.h"

namespace pumice::io {
namespace {

class LayerWriter : public nn::LayerFields {
 public:
  void choice(const std::string& key, std::string& value, Choices) override {
    object_[key] = value;
  }
  void whole(const std::string& key, uint32_t& value, uint32_t) override { object_[key] = value; }
  void number(const std::string& key, double& value, const nn::Bounds&) override {
    object_[key] = value;
  }
  void flag(const std::string& key, bool& value) override { object_[key] = value; }
  void wholes(const std::string& key, std::vector<uint32_t>& value) override {
    object_[key] = value;
  }
  void layers(const std::string& key, std::vector<nn::Layer>& value) override {
    object_[key] = layers_to_json(value);
  }

  Json take() { return std::move(object_); }

 private:
  Json object_ = Json::object();
};

Json all_keys(nn::Layer layer) {
  LayerWriter writer;
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

class LayerReader : public nn::LayerFields {
 public:
  LayerReader(const Json& value, const std::string& where) : object_(value, where) {}

  bool reads_checkpoint() const override { return true; }
  void choice(const std::string& key, std::string& value, Choices choices) override {
    if (!knows(key, value.empty())) return;
    value = object_.text(key.c_str());
    bool valid = std::find(choices.begin(), choices.end(), value) != choices.end();
    if (!valid) object_.refuse(key.c_str(), fmt::format("one of {}", fmt::join(choices, ", ")));
  }
  void whole(const std::string& key, uint32_t& value, uint32_t) override {
    if (knows(key, value == 0)) value = object_.whole(key.c_str());
  }
  void number(const std::string& key, double& value, const nn::Bounds& bounds) override {
    if (!knows(key, false)) return;
    value = object_.number(key.c_str());
    if (!bounds.hold(value)) object_.refuse(key.c_str(), bounds.expected);
  }
  void flag(const std::string& key, bool& value) override {
    if (knows(key, false)) value = object_.flag(key.c_str());
  }
  void wholes(const std::string& key, std::vector<uint32_t>& value) override {
    if (knows(key, true)) value = object_.wholes(key.c_str());
  }
  void layers(const std::string& key, std::vector<nn::Layer>& value) override {
    if (!knows(key, true)) return;
    value = layers_from_json(object_.array(key.c_str()), object_.name_of(key));
  }

  void finish() const { object_.require_known(known_); }

 private:
  /// Whether to read the key: it is there, or has to be.
  bool knows(const std::string& key, bool required) {
    known_.push_back(key);
    return required || object_.has(key.c_str());
  }

  JsonObject object_;
  std::vector<std::string> known_;
};

}  // namespace

Json layers_to_json(const std::vector<nn::Layer>& layers) {
  Json array = Json::array();
  for (const nn::Layer& layer : layers) array.push_back(to_json(layer));
  return array;
}

std::vector<nn::Layer> layers_from_json(const Json& array, const std::string& where) {
  std::vector<nn::Layer> layers;
  for (const Json& value : array) {
    LayerReader reader(value, fmt::format("{}[{}]", where, layers.size()));
    nn::describe(reader, layers.emplace_back());
    reader.finish();
  }
  return layers;
}

}  // namespace pumice::io
