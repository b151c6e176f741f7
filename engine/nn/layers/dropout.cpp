#include "engine/nn/layers/dropout.h"

#include "engine/base/require.h"

namespace pumice::nn {

void Dropout::describe(LayerFields& fields) { fields.number("rate", rate, kBelowOne); }

BuiltLayer Dropout::build(const LayerContext& context) const {
  auto run = [name = context.name, rate = static_cast<float>(rate)](const Tensor& x,
                                                                    const ForwardContext& pass) {
    if (!pass.is_training()) return x;
    require(static_cast<bool>(pass.step_state), "{} (dropout): training needs a step state", name);
    return ops::dropout(x, pass.step_state, rate);
  };
  return {run, context.input};
}

std::string Dropout::details() const { return fmt::format(" {}", rate); }

}  // namespace pumice::nn
