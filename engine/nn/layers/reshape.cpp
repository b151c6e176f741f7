#include "engine/nn/layers/reshape.h"

#include "engine/base/require.h"

namespace pumice::nn {

void Reshape::describe(LayerFields& fields) { fields.wholes("shape", shape); }

BuiltLayer Reshape::build(const LayerContext& context) const {
  const Shape output(shape);
  require(output.size() == context.input.size(), "{} ({}): {} has {} numbers, {} has {}",
          context.name, kType, context.input, context.input.size(), output, output.size());
  return {[](const Tensor& x, const ForwardContext&) { return x; },
          output};  // the network reshapes
}

}  // namespace pumice::nn
