#include "engine/nn/layers/linear.h"

namespace pumice::nn {

Linear::Linear(Parameters& parameters, const std::string& name, uint32_t in, uint32_t out,
               const LinearOptions& options)
    : options_(options),
      affine_(parameters, name, {out, in}, out, {.in = in, .out = out}, options.affine) {}

Tensor Linear::operator()(const Tensor& x, const Pass& pass) const {
  Graph& graph = x.graph();
  const auto in = static_cast<uint32_t>(x.size() / x.shape()[0]);
  const Tensor rows = ops::reshape(x, {x.shape()[0], in});
  return ops::linear(rows, affine_.weight(graph, pass), affine_.bias(graph), options_.activation,
                     options_.slope);
}

Linear Linear::with_activation(ops::Activation activation) const {
  Linear other = *this;
  other.options_.activation = activation;
  return other;
}

}  // namespace pumice::nn
