#pragma once

#include <utility>

#include "engine/nn/layer.h"

namespace pumice::nn {

/// The layers and a linear one to `out` features, spectrally normalised if one of them is.
std::vector<Layer> with_linear(std::vector<Layer> layers, uint32_t out,
                               const std::string& activation = "none");
/// The layers, and, unless they make `picture` [height, width, channels] of `input` already, a
/// linear one to it from features. Throws Error naming the layer that does not fit or makes a
/// picture with these channels of another size, of a network called `name`.
std::vector<Layer> ending_with_picture(std::vector<Layer> layers, const Shape& input,
                                       const Shape& picture, const std::string& activation = "none",
                                       const std::string& name = "decoder");

/// Layers one after another, built from their description.
class Network {
 public:
  /// Declares the parameters "name.0.weight", …. `input`: the shape of one example, without the
  /// batch. Throws Error naming the layer that does not fit.
  Network(Parameters& parameters, const std::string& name, const Shape& input,
          const std::vector<Layer>& layers, Initialization initialization = Initialization::kFanIn);

  /// [B, …], as many numbers as B inputs have → [B, output…].
  Tensor operator()(const Tensor& x, const Pass& pass = {}) const;
  /// The layers `first` … `end`-1 alone: what comes out of layer `first`-1 → what the last gives.
  Tensor run(const Tensor& x, size_t first, size_t end, const Pass& pass = {}) const;
  /// All layers and an activation, in the last layer's kernel where that can be.
  Tensor activated(const Tensor& x, ops::Activation activation, const Pass& pass = {}) const;

  /// Throws Error, saying the `meaning`, unless the layers end with so many values.
  void require_output(uint64_t values, std::string_view meaning) const;

  /// What one layer does, for tables: its description, its output's shape, its parameters.
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
                    const Pass& pass) const;

  std::string name_;
  Shape input_;
  std::vector<BuiltLayer> layers_;
  std::vector<Row> rows_;
};

}  // namespace pumice::nn
