#include "engine/nn/linear.h"

#include <cmath>

namespace pumice::nn {

Linear::Linear(Parameters& parameters, const std::string& name, uint32_t in, uint32_t out,
               ops::Activation activation, float slope)
    : parameters_(&parameters), activation_(activation), slope_(slope) {
  auto bound = static_cast<float>(1 / std::sqrt(in));
  weight_ = parameters.add({.name = name + ".weight", .shape = {out, in}, .initial_bound = bound});
  bias_ = parameters.add({.name = name + ".bias", .shape = {out}, .initial_bound = bound});
}

Tensor Linear::operator()(const Tensor& x) const {
  Graph& graph = x.graph();
  return ops::linear(x, parameters_->tensor(graph, weight_), parameters_->tensor(graph, bias_),
                     activation_, slope_);
}

}  // namespace pumice::nn
