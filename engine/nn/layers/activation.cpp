#include "engine/nn/layers/activation.h"

namespace pumice::nn {

void Activation::describe(LayerFields& fields) { describe_activation(fields, activation, slope); }

BuiltLayer Activation::build(const LayerContext& context) const {
  auto run = [activated = activation_options(activation, slope)](const Tensor& x,
                                                                 const ForwardContext&) {
    return ops::activate(x, activated.function, activated.slope);
  };
  return {run, context.input};
}

}  // namespace pumice::nn
