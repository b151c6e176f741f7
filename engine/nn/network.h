#pragma once

#include <functional>
#include <string>
#include <vector>

#include "engine/nn/parameters.h"
#include "engine/ops/ops.h"

namespace pumice::nn {

/// One layer as a recipe and a checkpoint describe it. What it takes in follows from the layer
/// before.
struct Layer {
  std::string type;                 ///< "linear"
  uint32_t out = 0;                 ///< features
  std::string activation = "none";  ///< none, relu, leaky_relu, tanh, sigmoid, softplus
  bool operator==(const Layer&) const = default;
};

/// Throws Error, listing the names, when there is no such activation.
ops::Activation activation_by_name(std::string_view name);

/// Layers one after another, built from their description.
class Network {
 public:
  /// Declares the parameters "name.0.weight", …. `input`: the shape of one example, without the
  /// batch. Throws Error naming the layer that does not fit.
  Network(Parameters& parameters, const std::string& name, const Shape& input,
          const std::vector<Layer>& layers);

  /// [B, input…] → [B, output…].
  Tensor operator()(const Tensor& x) const;

  /// What one layer does, for tables: its description, its output's shape, its parameters.
  struct Row {
    Layer layer;
    Shape output;
    uint64_t parameters = 0;
  };
  const std::vector<Row>& rows() const { return rows_; }
  const Shape& input() const { return input_; }
  const Shape& output() const { return rows_.empty() ? input_ : rows_.back().output; }

 private:
  std::string name_;
  Shape input_;
  std::vector<std::function<Tensor(const Tensor&)>> layers_;
  std::vector<Row> rows_;
};

}  // namespace pumice::nn
