#pragma once

#include <optional>

#include "engine/nn/forward_context.h"
#include "engine/nn/initialization.h"

namespace pumice::nn {

struct AffineOptions {
  bool bias = true;
  /// Spectral normalisation (Miyato et al., 2018): divides the weight, as a matrix, by its largest
  /// singular value, so that the layer's Lipschitz constant is at most 1. Each training pass runs
  /// one step of power iteration; its vector is a running statistic.
  bool spectral_norm = false;
  Initialization initialization = Initialization::kFanIn;
};

/// The weight and the bias of a linear layer or a convolution: "name.weight", "name.bias" and, with
/// spectral normalisation, "name.singular_vector".
class Affine {
 public:
  Affine(Parameters& parameters, const std::string& name, const Shape& weight, uint32_t out,
         Fan fan, const AffineOptions& options);

  Tensor weight(Graph& graph, const ForwardContext& pass) const;
  Tensor bias(Graph& graph) const;  ///< absent if the layer has none

 private:
  Tensor normalised(const Tensor& weight, const ForwardContext& pass) const;

  const Parameters* parameters_;
  uint32_t weight_;
  std::optional<uint32_t> bias_;
  std::optional<uint32_t> singular_vector_;
};

}  // namespace pumice::nn
