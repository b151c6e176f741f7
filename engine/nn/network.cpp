#include "engine/nn/network.h"

#include <algorithm>
#include <numeric>
#include <utility>

#include "engine/base/require.h"
#include "engine/nn/layers/linear.h"

namespace pumice::nn {
namespace {

Shape with_batch(uint32_t batch, const Shape& example) {
  std::vector<uint32_t> extents = {batch};
  extents.insert(extents.end(), example.begin(), example.end());
  return Shape(std::move(extents));
}

Tensor reshaped(const Tensor& x, const Shape& shape) {
  return x.shape() == shape ? x : ops::reshape(x, shape);
}

// Whether the layers were probably meant to make the image: the channels match, and it is not a
// single pixel, which is just a vector of features.
bool is_like(const Shape& made, const Shape& image) {
  return made.rank() == 3 && made[2] == image[2] && (made[0] > 1 || made[1] > 1);
}

}  // namespace

std::vector<Layer> with_linear(std::vector<Layer> layers, uint32_t out,
                               const std::string& activation) {
  const bool is_normalised = std::any_of(layers.begin(), layers.end(),
                                         [](const Layer& layer) { return layer.spectral_norm(); });
  layers.push_back(Linear{.out = out, .spectral_norm = is_normalised, .activation = activation});
  return layers;
}

std::vector<Layer> ending_with_image(std::vector<Layer> layers, const Shape& input,
                                     const Shape& image, const std::string& activation,
                                     const std::string& name) {
  Parameters scratch;
  const Shape made = Network(scratch, name, input, layers).output();
  if (made == image) return layers;
  if (is_like(made, image) && !layers.empty()) {
    fail("{}.{} ({}): expects an image of {}, makes {}", name, layers.size() - 1,
         layers.back().type(), image, made);
  }
  return with_linear(std::move(layers), static_cast<uint32_t>(image.size()), activation);
}

Network::Network(Parameters& parameters, const std::string& name, const Shape& input,
                 const std::vector<Layer>& layers, Initialization initialization)
    : name_(name), input_(input) {
  for (size_t i = 0; i < layers.size(); ++i) {
    uint64_t before = parameters.count();
    const std::string layer = fmt::format("{}.{}", name, i);
    BuiltLayer built = layers[i].build({parameters, layer, output(), initialization});
    require(built.output.size() <= kMaxNumbers, "{} ({}): makes {}, expected at most {} numbers",
            layer, layers[i].type(), built.output, kMaxNumbers);
    rows_.push_back({layers[i], built.output, parameters.count() - before});
    layers_.push_back(std::move(built));
  }
}

Tensor Network::operator()(const Tensor& x, const ForwardContext& pass) const {
  return activated(x, ops::Activation::kNone, pass);
}

Tensor Network::activated(const Tensor& x, ops::Activation activation,
                          const ForwardContext& pass) const {
  return run_layers(x, {0, layers_.size()}, activation, pass);
}

Tensor Network::run(const Tensor& x, size_t first, size_t end, const ForwardContext& pass) const {
  return run_layers(x, {first, end}, ops::Activation::kNone, pass);
}

Tensor Network::run_layers(const Tensor& x, std::pair<size_t, size_t> which,
                           ops::Activation activation, const ForwardContext& pass) const {
  const auto [first, end] = which;
  const Shape& input = first == 0 ? input_ : layers_.at(first - 1).output;
  Tensor y = reshaped(x, with_batch(x.shape()[0], input));
  for (size_t i = first; i < end; ++i) {
    Scope scope(x.graph(), fmt::format("{}.{}", name_, i));
    const BuiltLayer& layer = layers_[i];
    const bool fuses = i + 1 == end && layer.run_activated;
    y = fuses ? layer.run_activated(y, std::exchange(activation, ops::Activation::kNone), pass)
              : layer.run(y, pass);
    y = reshaped(y, with_batch(x.shape()[0], layer.output));
  }
  return ops::activate(y, activation);
}

void Network::require_output(uint64_t values, std::string_view meaning) const {
  require(output().size() == values, "{}: expects layers that end with {} values, {}, got {}",
          name_, values, meaning, output());
}

uint64_t Network::parameter_count() const {
  return std::accumulate(rows_.begin(), rows_.end(), uint64_t{0},
                         [](uint64_t sum, const Row& row) { return sum + row.parameters; });
}

}  // namespace pumice::nn
