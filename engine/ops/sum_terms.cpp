#include "engine/ops/sum_terms.h"

#include "engine/base/divide_up.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "kernels/sum_terms.h"

namespace pumice::ops {

Node sum_terms(const Tensor& partial, const Tensor& y, const Epilogue& epilogue) {
  const uint32_t quads = divide_up(count(y), 4u);
  const Tensor& operand = epilogue.operand();
  Node node = {
      .kernel = &kernels::sum_terms,
      .inputs = {partial, operand ? operand : partial},
      .outputs = {y},
      .params = pack(kernels::SumTermsParams{
          .parts = partial.shape()[0],
          .count = count(y),
          .n = operand ? count(operand) : 1,
          .slope = epilogue.slope,
      }),
      .constants = pack_constants(kernels::SumTermsConstants{
          .activation = static_cast<uint32_t>(epilogue.activation),
          .operand = static_cast<uint32_t>(epilogue.for_gemm().operand)}),
      .grid = grid_for(uint64_t{kernels::kStrands} * quads, kernels::sum_terms, y.graph().limits()),
  };
  if (has(y.graph().limits(), hal::Feature::kFusedKernels) && epilogue.is_plain()) {
    node.times_derivative = [partial, y](const Tensor& v, uint32_t activation, float slope) {
      return sum_terms(partial, y, Epilogue::derivative(v, activation, slope));
    };
  }
  return node;
}

}  // namespace pumice::ops
