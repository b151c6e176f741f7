#include "engine/ops/sum_terms.h"

#include "engine/base/divide_up.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "kernels/sum_terms.h"

namespace pumice::ops {

Node sum_terms(const Tensor& partial, const Tensor& y, const Epilogue& epilogue) {
  const hal::Limits& limits = y.graph().limits();
  const uint32_t quads = divide_up(count(y), 4u);
  const bool has_bias = static_cast<bool>(epilogue.bias);
  return {
      .kernel = &kernels::sum_terms,
      .inputs = {partial, has_bias ? epilogue.bias : partial},
      .outputs = {y},
      .params = pack(kernels::SumTermsParams{
          .parts = partial.shape()[0],
          .count = count(y),
          .n = has_bias ? epilogue.bias.shape()[0] : 1,
          .slope = epilogue.slope,
      }),
      .constants = pack_constants(kernels::SumTermsConstants{
          .activation = static_cast<uint32_t>(epilogue.activation), .has_bias = has_bias}),
      .grid = grid_for(uint64_t{kernels::kStrands} * quads, kernels::sum_terms, limits),
  };
}

}  // namespace pumice::ops
