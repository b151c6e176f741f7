#include "engine/optim/weight_average.h"

#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/optim/ranges.h"
#include "kernels/weight_average.h"

namespace pumice::optim {

WeightAverage::WeightAverage(const nn::Parameters& weights, const nn::Parameters& average,
                             double decay)
    : weights_(weights), average_(average), decay_(decay) {
  require(weights.flat_bytes() == average.flat_bytes(),
          "weight average: expects {} bytes like the weights, got {}", weights.flat_bytes(),
          average.flat_bytes());
  require(decay >= 0 && decay < 1, "weight average: expects a decay >= 0 and < 1, got {}", decay);
}

void WeightAverage::update(const Tensor& step_state) const {
  Graph& graph = step_state.graph();
  Scope scope(graph, "weight average");
  for (const Range& range : ranges_of(weights_.flat_bytes(), graph.limits())) {
    graph.add({
        .kernel = &kernels::weight_average,
        .inputs = {range_of(graph, weights_.buffer(), range), step_state},
        .updates = {range_of(graph, average_.buffer(), range)},
        .params = pack(kernels::WeightAverageParams{.count = range.count,
                                                    .decay = static_cast<float>(decay_)}),
        .grid = ops::vec4_grid(range.count, kernels::weight_average, graph.limits()),
    });
  }
}

}  // namespace pumice::optim
