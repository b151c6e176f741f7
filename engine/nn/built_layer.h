#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "engine/nn/activation_keys.h"
#include "engine/nn/forward_context.h"
#include "engine/nn/initialization.h"

namespace pumice::nn {

/// A layer ready to run: [B, input…] → [B, output…].
struct BuiltLayer {
  std::function<Tensor(const Tensor&, const ForwardContext&)> run;
  Shape output;  ///< of one example
  /// The same with a fused activation; absent if the layer cannot fuse one or already has one.
  std::function<Tensor(const Tensor&, ops::Activation, const ForwardContext&)> run_activated =
      nullptr;
};

/// What a layer is built from.
struct LayerContext {
  Parameters& parameters;
  const std::string& name;  ///< "encoder.0": prefix of parameter names and messages
  const Shape& input;       ///< of one example
  Initialization initialization = Initialization::kFanIn;
  std::string_view type = {};  ///< "conv2d", for messages

  /// Throws Error unless the input has this rank; `expected` describes it.
  void require_rank(uint32_t rank, std::string_view expected) const;
  void require_image() const;  ///< [height, width, channels]
  /// Throws Error if an edge of the input, an image, no longer fits in 32 bits after multiplying
  /// it by `factor` and adding `extra` pixels.
  void require_countable_edges(uint64_t factor, uint64_t extra = 0) const;
};

/// A forward pass with a fused activation.
using ActivatedForward =
    std::function<Tensor(const Tensor&, const ActivationOptions&, const ForwardContext&)>;

/// A layer with such a forward pass. If it has no activation, it can fuse the network's.
BuiltLayer fusing(ActivatedForward forward, const Shape& output,
                  const ActivationOptions& activation);

}  // namespace pumice::nn
