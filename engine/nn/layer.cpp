#include "engine/nn/layer.h"

#include "engine/base/require.h"
#include "engine/nn/layers/layers.h"

namespace pumice::nn {

std::string_view Layer::type() const { return options_ ? options_->type() : std::string_view(); }

std::string_view Layer::activation() const { return options_ ? options_->activation() : "none"; }

bool Layer::spectral_norm() const { return options_ && options_->spectral_norm(); }

bool Layer::keeps_values() const { return options_ && options_->keeps_values(); }

std::string Layer::summary() const {
  if (!options_) return {};
  std::string text = std::string(type()) + options_->details();
  if (activation() != "none") text += fmt::format(", {}", activation());
  return text;
}

BuiltLayer Layer::build(LayerContext context) const {
  require(options_ != nullptr, "{}: expects a layer, got none", context.name);
  context.type = type();
  return options_->build(context);
}

void Layer::describe(LayerFields& fields) {
  if (options_) options_ = options_->described(fields);
}

bool Layer::operator==(const Layer& other) const {
  if (!options_ || !other.options_) return options_ == other.options_;
  return options_->equals(*other.options_);
}

void describe(LayerFields& fields, Layer& layer) {
  std::string type(layer.type());
  fields.choice("type", type, layer_type_names());
  if (type != layer.type()) layer = layer_of_type(type);
  layer.describe(fields);
}

}  // namespace pumice::nn
