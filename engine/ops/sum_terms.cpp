#include "engine/ops/sum_terms.h"

#include "engine/base/divide_up.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/ops/producer.h"
#include "kernels/sum_terms.h"

namespace pumice::ops {
namespace {

using kernels::SumOperand;

struct Operand {
  SumOperand use = SumOperand::kUnused;
  Tensor numbers = {};
};

Node node_of(const Tensor& partial, const Tensor& y, const Operand& operand, Activation activation,
             float slope) {
  const uint32_t quads = divide_up(count(y), 4u);
  const bool is_used = operand.use != SumOperand::kUnused;
  return {
      .kernel = &kernels::sum_terms,
      .inputs = {partial, is_used ? operand.numbers : partial},
      .outputs = {y},
      .params = pack(kernels::SumTermsParams{
          .parts = partial.shape()[0],
          .count = count(y),
          .n = is_used ? count(operand.numbers) : 1,
          .slope = slope,
      }),
      .constants =
          pack_constants(kernels::SumTermsConstants{.activation = static_cast<uint32_t>(activation),
                                                    .operand = static_cast<uint32_t>(operand.use)}),
      .grid = grid_for(uint64_t{kernels::kStrands} * quads, kernels::sum_terms, y.graph().limits()),
  };
}

}  // namespace

Node sum_terms(const Tensor& partial, const Tensor& y, const Epilogue& epilogue) {
  const Operand bias = {epilogue.bias ? SumOperand::kBias : SumOperand::kUnused, epilogue.bias};
  return node_of(partial, y, bias, epilogue.activation, epilogue.slope);
}

#ifdef PUMICE_INFERENCE_ONLY
std::optional<Node> sum_terms_for_derivative(const Tensor&, const Tensor&, const Tensor&,
                                             Activation, float) {
  return {};
}
#else
namespace {

bool is_plain_sum(const Node& node) {
  return node.kernel == &kernels::sum_terms &&
         node.constants == pack_constants(kernels::SumTermsConstants{});
}

}  // namespace

std::optional<Node> sum_terms_for_derivative(const Tensor& dy, const Tensor& v, const Tensor& dx,
                                             Activation activation, float slope) {
  const Node* sum = producer_of(dy);
  const bool is_whole = sum != nullptr && sum->outputs[0].size() == dy.size();
  if (!is_whole || !is_plain_sum(*sum) || dy.graph().is_read(dy)) return {};
  return node_of(sum->inputs[0], dx, {SumOperand::kDerivative, v}, activation, slope);
}
#endif

}  // namespace pumice::ops
