#pragma once

#include <utility>

#include "engine/nn/layer.h"

namespace pumice::nn {

/// Appends a linear layer with `out` features, spectrally normalised if any of the layers is.
std::vector<Layer> with_linear(std::vector<Layer> layers, uint32_t out,
                               const std::string& activation = "none");
/// Appends a linear layer that makes `image` [height, width, channels], unless the layers already
/// make it from `input`. Throws Error naming the layer (of the network `name`) that does not fit
/// its input, or the last layer if it makes an image with these channels but another size.
std::vector<Layer> ending_with_image(std::vector<Layer> layers, const Shape& input,
                                     const Shape& image, const std::string& activation = "none",
                                     const std::string& name = "decoder");

/// A sequence of layers, built from their descriptions.
class Network {
 public:
  /// Declares the parameters "name.0.weight", …. `input`: the shape of one example, without the
  /// batch. Throws Error naming the layer that does not fit its input.
  Network(Parameters& parameters, const std::string& name, const Shape& input,
          const std::vector<Layer>& layers, Initialization initialization = Initialization::kFanIn);

  /// [B, …], with as many numbers as B inputs → [B, output…].
  Tensor operator()(const Tensor& x, const ForwardContext& pass = {}) const;
  /// Runs only the layers `first` … `end`-1: the output of layer `first`-1 → the output of layer
  /// `end`-1.
  Tensor run(const Tensor& x, size_t first, size_t end, const ForwardContext& pass = {}) const;
  /// All layers and an activation, which is fused into the last layer if possible.
  Tensor activated(const Tensor& x, ops::Activation activation,
                   const ForwardContext& pass = {}) const;

  /// Throws Error, quoting `meaning`, unless the output has this many values.
  void require_output(uint64_t values, std::string_view meaning) const;

  /// One row of a table of the layers.
  struct Row {
    Layer layer;
    Shape output;
    uint64_t parameters = 0;  ///< trainable numbers
  };
  const std::string& name() const { return name_; }
  const std::vector<Row>& rows() const { return rows_; }
  const Shape& input() const { return input_; }
  const Shape& output() const { return rows_.empty() ? input_ : rows_.back().output; }
  uint64_t parameter_count() const;  ///< trainable numbers

 private:
  Tensor run_layers(const Tensor& x, std::pair<size_t, size_t> which, ops::Activation activation,
                    const ForwardContext& pass) const;

  std::string name_;
  Shape input_;
  std::vector<BuiltLayer> layers_;
  std::vector<Row> rows_;
};

}  // namespace pumice::nn
