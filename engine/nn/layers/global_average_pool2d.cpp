#include "engine/nn/layers/global_average_pool2d.h"

namespace pumice::nn {

BuiltLayer GlobalAveragePool2d::build(const LayerContext& context) const {
  context.require_image();
  auto run = [](const Tensor& x, const ForwardContext&) { return ops::mean(x, {1, 2}); };
  return {run, {context.input[2]}};
}

}  // namespace pumice::nn
