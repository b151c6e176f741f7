#include "engine/nn/layers/upsample2d.h"

namespace pumice::nn {

void Upsample2d::describe(LayerFields& fields) { fields.whole("scale", scale, 1); }

BuiltLayer Upsample2d::build(const LayerContext& context) const {
  context.require_image();
  context.require_countable_edges(scale);
  const Shape& input = context.input;
  auto run = [scale = scale](const Tensor& x, const ForwardContext&) {
    return ops::upsample_nearest2d(x, scale);
  };
  return {run, {input[0] * scale, input[1] * scale, input[2]}};
}

}  // namespace pumice::nn
