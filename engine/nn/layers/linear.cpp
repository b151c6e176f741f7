#include "engine/nn/layers/linear.h"

#include "engine/base/require.h"
#include "engine/nn/affine.h"

namespace pumice::nn {

void Linear::describe(LayerFields& fields) {
  fields.whole("out", out, 1);
  describe_activation(fields, activation, slope);
  fields.flag("bias", bias);
  fields.flag("spectral_norm", spectral_norm);
}

BuiltLayer Linear::build(const LayerContext& context) const {
  require(out > 0, "{}: expects 'out' of at least 1, got 0", context.name);
  const auto in = static_cast<uint32_t>(context.input.size());
  const Affine affine(context.parameters, context.name, {out, in}, out, {.in = in, .out = out},
                      {bias, spectral_norm, context.initialization});
  auto forward = [affine, in](const Tensor& x, const ActivationOptions& activated,
                              const ForwardContext& pass) {
    Graph& graph = x.graph();
    const Tensor rows = ops::reshape(x, {x.shape()[0], in});
    return ops::linear(rows, affine.weight(graph, pass), affine.bias(graph), activated.function,
                       activated.slope);
  };
  return fusing(forward, {out}, activation_options(activation, slope));
}

}  // namespace pumice::nn
