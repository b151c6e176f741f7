#include <algorithm>
#include <map>

#include "engine/base/divide_up.h"
#include "engine/base/require.h"
#include "engine/nn/layers/batch_norm.h"
#include "engine/nn/layers/conv2d.h"
#include "engine/nn/layers/linear.h"
#include "engine/nn/layers/lstm.h"
#include "engine/nn/network.h"

namespace pumice::nn {
namespace {

/// What a layer is built from.
struct Site {
  Parameters& parameters;
  const std::string& name;  ///< "encoder.0"
  const Shape& input;       ///< of one example
  const Layer& layer;
  Initialization initialization;

  ops::Activation activation() const { return activation_by_name(layer.activation); }
  float slope() const { return static_cast<float>(layer.slope); }
  AffineOptions affine() const { return {layer.bias, layer.spectral_norm, initialization}; }
};

void require_rank(const Site& site, uint32_t rank, std::string_view expected) {
  require(site.input.rank() == rank, "{} ({}): expects {}, got {}", site.name, site.layer.type,
          expected, site.input);
}

/// Before extents are multiplied in 32 bits: of pictures that grow by a factor and some pixels.
void require_countable_edges(const Site& site, uint64_t factor, uint64_t extra = 0) {
  const uint64_t edge = std::max(site.input[0], site.input[1]) * factor + extra;
  require(edge <= kMaxNumbers, "{} ({}): makes an edge of {} pixels from {}, expected at most {}",
          site.name, site.layer.type, edge, site.input, kMaxNumbers);
}

/// A layer whose kernel applies the activation: where the layer has none, the network may say one.
template <typename Operation>
BuiltLayer fusing(const Site& site, const Operation& operation, const Shape& output) {
  BuiltLayer layer{operation, output};
  if (site.activation() == ops::Activation::kNone) {
    layer.run_activated = [operation](const Tensor& x, ops::Activation activation,
                                      const Pass& pass) {
      return operation.with_activation(activation)(x, pass);
    };
  }
  return layer;
}

BuiltLayer build_linear(const Site& site) {
  require(site.layer.out > 0, "{}: expects 'out' of at least 1, got 0", site.name);
  const auto in = static_cast<uint32_t>(site.input.size());
  Linear linear(site.parameters, site.name, in, site.layer.out,
                {site.affine(), site.activation(), site.slope()});
  return fusing(site, linear, {site.layer.out});
}

template <typename Convolution>
BuiltLayer build_convolution(const Site& site) {
  require_rank(site, 3, "pictures [height, width, channels]");
  const Layer& layer = site.layer;
  const bool fits = std::min(site.input[0], site.input[1]) >= layer.kernel;
  require(fits || layer.padding == "same" || layer.type == "conv_transpose2d",
          "{} ({}): a kernel of {} x {} does not fit into {} without padding", site.name,
          layer.type, layer.kernel, layer.kernel, site.input);
  if (layer.type == "conv_transpose2d") require_countable_edges(site, layer.stride, layer.kernel);
  Convolution convolution(site.parameters, site.name, site.input[2], layer.out,
                          {.kernel = layer.kernel,
                           .stride = layer.stride,
                           .same = layer.padding == "same",
                           .affine = site.affine(),
                           .activation = site.activation(),
                           .slope = site.slope()});
  return fusing(site, convolution, convolution.output(site.input));
}

NormalisationOptions normalisation_options(const Site& site) {
  return {.epsilon = static_cast<float>(site.layer.epsilon),
          .momentum = static_cast<float>(site.layer.momentum),
          .activation = site.activation(),
          .slope = site.slope(),
          .initialization = site.initialization};
}

BuiltLayer build_batch_norm(const Site& site) {
  BatchNorm norm(site.parameters, site.name, site.input[-1], normalisation_options(site));
  return {norm, site.input};
}

BuiltLayer build_layer_norm(const Site& site) {
  LayerNorm norm(site.parameters, site.name, site.input[-1], normalisation_options(site));
  return {[norm](const Tensor& x, const Pass&) { return norm(x); }, site.input};
}

BuiltLayer build_dropout(const Site& site) {
  auto run = [name = site.name, rate = static_cast<float>(site.layer.rate)](const Tensor& x,
                                                                            const Pass& pass) {
    if (!pass.training) return x;
    require(static_cast<bool>(pass.clock), "{} (dropout): training needs a clock", name);
    return ops::dropout(x, pass.clock, rate);
  };
  return {run, site.input};
}

BuiltLayer build_activation(const Site& site) {
  auto run = [activation = site.activation(), slope = site.slope()](const Tensor& x, const Pass&) {
    return ops::activate(x, activation, slope);
  };
  return {run, site.input};
}

/// A picture [H, W] or [H, W, 1] is the sequence of its rows.
BuiltLayer build_lstm(const Site& site) {
  const bool is_picture = site.input.rank() == 3 && site.input[2] == 1;
  if (!is_picture) require_rank(site, 2, "a sequence [steps, features], or gray pictures");
  const uint32_t steps = site.input[0];
  const uint32_t in = site.input[1];
  const Layer& layer = site.layer;
  require(layer.out <= kMaxNumbers / 4, "{} (lstm): expects 'out' of at most {}, got {}", site.name,
          kMaxNumbers / 4, layer.out);
  Lstm lstm(site.parameters, site.name, in, layer.out, layer.sequence, site.initialization);
  auto run = [lstm, steps, in](const Tensor& x, const Pass&) {
    return lstm(ops::reshape(x, {x.shape()[0], steps, in}));
  };
  return {run, layer.sequence ? Shape{steps, layer.out} : Shape{layer.out}};
}

BuiltLayer build_reshape(const Site& site) {
  const Shape shape(site.layer.shape);
  require(shape.size() == site.input.size(), "{} (reshape): {} has {} numbers, {} has {}",
          site.name, site.input, site.input.size(), shape, shape.size());
  return {[](const Tensor& x, const Pass&) { return x; }, shape};  // the network reshapes
}

BuiltLayer build_pool(const Site& site) {
  require_rank(site, 3, "pictures [height, width, channels]");
  const auto [size, stride] = std::pair(site.layer.size, site.layer.stride);
  require(site.input[0] >= size && site.input[1] >= size,
          "{} ({}): expects pictures of at least {} x {}, got {}", site.name, site.layer.type, size,
          size, site.input);
  const bool is_max = site.layer.type == "max_pool2d";
  auto run = [is_max, size = size, stride = stride](const Tensor& x, const Pass&) {
    return is_max ? ops::max_pool2d(x, size, stride) : ops::average_pool2d(x, size, stride);
  };
  auto extent = [&](uint32_t from) { return (from - size) / stride + 1; };
  return {run, {extent(site.input[0]), extent(site.input[1]), site.input[2]}};
}

BuiltLayer build_global_average(const Site& site) {
  require_rank(site, 3, "pictures [height, width, channels]");
  auto run = [](const Tensor& x, const Pass&) { return ops::mean(x, {1, 2}); };
  return {run, {site.input[2]}};
}

BuiltLayer build_upsample(const Site& site) {
  require_rank(site, 3, "pictures [height, width, channels]");
  const uint32_t scale = site.layer.scale;
  require_countable_edges(site, scale);
  auto run = [scale](const Tensor& x, const Pass&) { return ops::upsample_nearest2d(x, scale); };
  return {run, {site.input[0] * scale, site.input[1] * scale, site.input[2]}};
}

/// The way past the layers: nothing, or, where they change the shape, a convolution of one pixel
/// and a batch norm (He et al., "Deep residual learning", 2016, option B).
std::vector<Layer> shortcut(const Site& site, const Shape& output) {
  if (output == site.input) return {};
  require(output.rank() == 3 && site.input.rank() == 3,
          "{} (residual): its layers make {} of {}, which cannot be added", site.name, output,
          site.input);
  return {{.type = "conv2d",
           .out = output[2],
           .kernel = 1,
           .stride = divide_up(site.input[0], output[0]),
           .bias = false},
          {.type = "batch_norm"}};
}

/// activation(layers(x) + x).
BuiltLayer build_residual(const Site& site) {
  Network inner(site.parameters, site.name, site.input, site.layer.layers, site.initialization);
  Network around(site.parameters, site.name + ".shortcut", site.input,
                 shortcut(site, inner.output()), site.initialization);
  require(around.output() == inner.output(),
          "{} (residual): its layers make {} of {}, which cannot be added", site.name,
          inner.output(), site.input);
  auto run = [inner, around, activation = site.activation(), slope = site.slope()](
                 const Tensor& x, const Pass& pass) {
    return ops::activate(ops::add(inner(x, pass), around(x, pass)), activation, slope);
  };
  return {run, inner.output()};
}

using Builder = BuiltLayer (*)(const Site&);

const std::map<std::string_view, Builder>& builders() {
  static const std::map<std::string_view, Builder> all = {
      {"linear", build_linear},
      {"conv2d", build_convolution<Conv2d>},
      {"conv_transpose2d", build_convolution<ConvTranspose2d>},
      {"batch_norm", build_batch_norm},
      {"layer_norm", build_layer_norm},
      {"dropout", build_dropout},
      {"activation", build_activation},
      {"lstm", build_lstm},
      {"reshape", build_reshape},
      {"max_pool2d", build_pool},
      {"average_pool2d", build_pool},
      {"global_average_pool2d", build_global_average},
      {"upsample2d", build_upsample},
      {"residual", build_residual},
  };
  return all;
}

}  // namespace

BuiltLayer build_layer(Parameters& parameters, const std::string& name, const Shape& input,
                       const Layer& layer, Initialization initialization) {
  auto found = builders().find(layer.type);
  require(found != builders().end(), "{}: there is no type of layer '{}'", name, layer.type);
  return found->second({parameters, name, input, layer, initialization});
}

}  // namespace pumice::nn
