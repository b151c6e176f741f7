#pragma once

#include <string>

#include "engine/metrics/inception_v3.h"
#include "engine/ops/ops.h"

namespace pumice::metrics {

/// The window of a convolution. Padded ones keep the extent (divided by the stride).
struct Window {
  uint32_t height = 1;
  uint32_t width = 1;
  uint32_t stride = 1;
  bool is_padded = true;
};

constexpr Window k3x3 = {3, 3};
constexpr Window k3x3Unpadded = {3, 3, 1, false};
constexpr Window k3x3Halving = {3, 3, 2, false};

/// The blocks of Inception-v3: images [B, H, W, C] → [B, H', W', C']. Each is named after its
/// figure in the paper and uses the tensors "`name`.branch…".
class InceptionBlocks {
 public:
  InceptionBlocks(InceptionVariant variant, InceptionWeights& weights)
      : variant_(variant), weights_(weights) {}

  /// relu(batch norm(convolution)) to `channels`.
  Tensor convolution(const Tensor& x, const std::string& name, uint32_t channels,
                     const Window& window = {}) const;

  Tensor figure_5(const Tensor& x, const std::string& name, uint32_t pooled_channels) const;
  Tensor figure_6(const Tensor& x, const std::string& name, uint32_t inner_channels) const;
  enum class Pool : uint8_t { kAverage, kMaximum };
  Tensor figure_7(const Tensor& x, const std::string& name, Pool pool) const;
  /// Both halve the extent.
  Tensor reduction_6a(const Tensor& x, const std::string& name) const;
  Tensor reduction_7a(const Tensor& x, const std::string& name) const;

 private:
  Tensor pool(const Tensor& x, Pool pool) const;

  InceptionVariant variant_;
  InceptionWeights& weights_;
};

}  // namespace pumice::metrics
