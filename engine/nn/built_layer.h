#pragma once

#include <functional>
#include <string>
#include <string_view>

#include "engine/nn/activation_keys.h"
#include "engine/nn/initialization.h"
#include "engine/nn/pass.h"

namespace pumice::nn {

/// A layer ready to run: [B, input…] → [B, output…].
struct BuiltLayer {
  std::function<Tensor(const Tensor&, const Pass&)> run;
  Shape output;  ///< of one example
  /// The same with an activation in its kernel; absent where the layer cannot, or has one already.
  std::function<Tensor(const Tensor&, ops::Activation, const Pass&)> run_activated = nullptr;
};

/// What a layer is built from.
struct LayerContext {
  Parameters& parameters;
  const std::string& name;  ///< "encoder.0": begins the parameters' names and the messages
  const Shape& input;       ///< of one example
  Initialization initialization = Initialization::kFanIn;
  std::string_view type = {};  ///< "conv2d", for messages

  /// Throws Error unless the input has this rank; `expected` describes it.
  void require_rank(uint32_t rank, std::string_view expected) const;
  void require_picture() const;  ///< [height, width, channels]
  /// Throws Error if the input, a picture, has edges that no longer fit into 32 bits when they are
  /// multiplied by `factor` and `extra` pixels are added.
  void require_countable_edges(uint64_t factor, uint64_t extra = 0) const;
};

/// A forward pass whose kernel applies an activation.
using ActivatedForward =
    std::function<Tensor(const Tensor&, const ActivationOptions&, const Pass&)>;

/// A layer of such a forward pass; without an activation of its own it takes the network's.
BuiltLayer fusing(ActivatedForward forward, const Shape& output,
                  const ActivationOptions& activation);

}  // namespace pumice::nn
