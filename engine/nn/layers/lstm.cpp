#include "engine/nn/layers/lstm.h"

namespace pumice::nn {
namespace {

// PyTorch counts the hidden state as every weight's fan.
Fan fan_of(uint32_t in, uint32_t hidden, Initialization initialization) {
  const bool is_pytorch = initialization == Initialization::kFanIn;
  return {is_pytorch ? hidden : in, 4ull * hidden};
}

}  // namespace

Lstm::Lstm(Parameters& parameters, const std::string& name, uint32_t in, uint32_t hidden,
           bool sequence, Initialization initialization)
    : parameters_(&parameters), hidden_(hidden), sequence_(sequence) {
  const Fan fan = fan_of(in, hidden, initialization);
  const Fan recurrent_fan{hidden, 4ull * hidden};
  const uint32_t gates = 4 * hidden;
  weight_ = parameters.add(weight_parameter(name + ".weight", {gates, in}, fan, initialization));
  recurrent_ = parameters.add(
      weight_parameter(name + ".recurrent", {gates, hidden}, recurrent_fan, initialization));
  bias_ = parameters.add(bias_parameter(name + ".bias", gates, fan, initialization));
}

Tensor Lstm::operator()(const Tensor& x) const {
  Graph& graph = x.graph();
  Tensor states =
      ops::lstm(x, parameters_->tensor(graph, weight_), parameters_->tensor(graph, recurrent_),
                parameters_->tensor(graph, bias_));
  if (sequence_) return states;
  Tensor last = ops::slice(states, 1, x.shape()[1] - 1, 1);
  return ops::reshape(last, {x.shape()[0], hidden_});
}

}  // namespace pumice::nn
