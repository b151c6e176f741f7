#include "engine/nn/layers/layer_norm.h"

#include "engine/base/require.h"

namespace pumice::nn {

void LayerNorm::describe(LayerFields& fields) {
  describe_activation(fields, activation, slope);
  fields.number("epsilon", epsilon, kPositive);
}

BuiltLayer LayerNorm::build(const LayerContext& context) const {
  const auto& [parameters, name, input, initialization, type] = context;
  const auto channels = static_cast<uint32_t>(input[-1]);
  require(channels > 1, "{} ({}): expects at least 2 values to normalise, got {}", name, type,
          channels);
  const uint32_t scale = parameters.add(scale_parameter(name + ".scale", channels, initialization));
  const uint32_t shift = parameters.add({.name = name + ".shift", .shape = {channels}});
  auto run = [parameters = &context.parameters, scale, shift, epsilon = static_cast<float>(epsilon),
              activated = activation_options(activation, slope)](const Tensor& x,
                                                                 const ForwardContext&) {
    Graph& graph = x.graph();
    Tensor y = ops::layer_norm(x, parameters->tensor(graph, scale),
                               parameters->tensor(graph, shift), epsilon);
    return ops::activate(y, activated.function, activated.slope);
  };
  return {run, input};
}

}  // namespace pumice::nn
