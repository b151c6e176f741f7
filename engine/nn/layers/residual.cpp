#include "engine/nn/layers/residual.h"

#include "engine/base/divide_up.h"
#include "engine/base/require.h"
#include "engine/nn/layers/batch_norm.h"
#include "engine/nn/layers/conv2d.h"
#include "engine/nn/network.h"

namespace pumice::nn {
namespace {

void require_sum(bool fits, const LayerContext& context, const Shape& output) {
  require(fits, "{} ({}): its layers turn {} into {}, which cannot be added", context.name,
          context.type, context.input, output);
}

/// The layers of the shortcut: none if the inner layers keep the shape.
std::vector<Layer> shortcut(const LayerContext& context, const Shape& output) {
  const Shape& input = context.input;
  if (output == input) return {};
  require_sum(output.rank() == 3 && input.rank() == 3, context, output);
  return {
      Conv2d{
          .out = output[2], .kernel = 1, .stride = divide_up(input[0], output[0]), .bias = false},
      BatchNorm{}};
}

}  // namespace

void Residual::describe(LayerFields& fields) {
  fields.layers("layers", layers);
  describe_activation(fields, activation, slope);
}

BuiltLayer Residual::build(const LayerContext& context) const {
  const auto& [parameters, name, input, initialization, type] = context;
  Network inner(parameters, name, input, layers, initialization);
  Network around(parameters, name + ".shortcut", input, shortcut(context, inner.output()),
                 initialization);
  require_sum(around.output() == inner.output(), context, inner.output());
  auto run = [inner, around, activated = activation_options(activation, slope)](
                 const Tensor& x, const ForwardContext& pass) {
    return ops::activate(ops::add(inner(x, pass), around(x, pass)), activated.function,
                         activated.slope);
  };
  return {run, inner.output()};
}

}  // namespace pumice::nn
