#include "engine/nn/built_layer.h"

#include <algorithm>
#include <utility>

#include "engine/base/require.h"

namespace pumice::nn {

void LayerContext::require_rank(uint32_t rank, std::string_view expected) const {
  require(input.rank() == rank, "{} ({}): expects {}, got {}", name, type, expected, input);
}

void LayerContext::require_image() const { require_rank(3, "images [height, width, channels]"); }

void LayerContext::require_countable_edges(uint64_t factor, uint64_t extra) const {
  const uint64_t edge = std::max(input[0], input[1]) * factor + extra;
  require(edge <= kMaxNumbers, "{} ({}): makes an edge of {} pixels from {}, expected at most {}",
          name, type, edge, input, kMaxNumbers);
}

BuiltLayer fusing(ActivatedForward forward, const Shape& output,
                  const ActivationOptions& activation) {
  BuiltLayer layer{[forward, activation](const Tensor& x, const ForwardContext& pass) {
                     return forward(x, activation, pass);
                   },
                   output};
  if (activation.function == ops::Activation::kNone) {
    layer.run_activated = [forward = std::move(forward), activation](const Tensor& x,
                                                                     ops::Activation function,
                                                                     const ForwardContext& pass) {
      return forward(x, {function, activation.slope}, pass);
    };
  }
  return layer;
}

}  // namespace pumice::nn
