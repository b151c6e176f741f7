#include "engine/nn/layers/layers.h"

#include <fmt/ranges.h>

#include "engine/base/require.h"
#include "engine/nn/layers/activation.h"
#include "engine/nn/layers/batch_norm.h"
#include "engine/nn/layers/conv2d.h"
#include "engine/nn/layers/conv_transpose2d.h"
#include "engine/nn/layers/dropout.h"
#include "engine/nn/layers/global_average_pool2d.h"
#include "engine/nn/layers/layer_norm.h"
#include "engine/nn/layers/linear.h"
#include "engine/nn/layers/lstm.h"
#include "engine/nn/layers/pool2d.h"
#include "engine/nn/layers/reshape.h"
#include "engine/nn/layers/residual.h"
#include "engine/nn/layers/upsample2d.h"

namespace pumice::nn {
namespace {

struct LayerType {
  std::string_view name;
  Layer (*make)();
};

template <LayerOptions Options>
constexpr LayerType layer_type() {
  return {Options::kType, [] { return Layer(Options{}); }};
}

// Messages list the types in this order.
constexpr LayerType kLayerTypes[] = {
    layer_type<Linear>(),     layer_type<Conv2d>(),        layer_type<ConvTranspose2d>(),
    layer_type<BatchNorm>(),  layer_type<LayerNorm>(),     layer_type<Dropout>(),
    layer_type<Activation>(), layer_type<Lstm>(),          layer_type<Reshape>(),
    layer_type<MaxPool2d>(),  layer_type<AveragePool2d>(), layer_type<GlobalAveragePool2d>(),
    layer_type<Upsample2d>(), layer_type<Residual>(),
};

}  // namespace

std::vector<std::string_view> layer_type_names() {
  std::vector<std::string_view> names;
  for (const LayerType& type : kLayerTypes) names.push_back(type.name);
  return names;
}

Layer layer_of_type(std::string_view type) {
  for (const LayerType& known : kLayerTypes) {
    if (known.name == type) return known.make();
  }
  fail("layer: expects one of {}, got '{}'", fmt::join(layer_type_names(), ", "), type);
}

}  // namespace pumice::nn
