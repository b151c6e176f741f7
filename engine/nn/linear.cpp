#include "engine/nn/linear.h"

namespace pumice::nn {

Linear::Linear(Parameters& parameters, const std::string& name, uint32_t in, uint32_t out,
               const LinearOptions& options)
    : parameters_(&parameters), options_(options) {
  const Fan fan{in, out};
  const Initialization initialization = options.initialization;
  weight_ = parameters.add(weight_parameter(name + ".weight", {out, in}, fan, initialization));
  if (options.bias)
    bias_ = parameters.add(bias_parameter(name + ".bias", out, fan, initialization));
}

Tensor Linear::operator()(const Tensor& x) const {
  Graph& graph = x.graph();
  const auto in = static_cast<uint32_t>(x.size() / x.shape()[0]);
  return ops::linear(ops::reshape(x, {x.shape()[0], in}), parameters_->tensor(graph, weight_),
                     bias_ ? parameters_->tensor(graph, *bias_) : Tensor(), options_.activation,
                     options_.slope);
}

Linear Linear::with_activation(ops::Activation activation) const {
  Linear other = *this;
  other.options_.activation = activation;
  return other;
}

}  // namespace pumice::nn
