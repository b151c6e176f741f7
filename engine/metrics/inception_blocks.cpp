#include "engine/metrics/inception_blocks.h"

namespace pumice::metrics {
namespace {

constexpr Window k1x3 = {1, 3};
constexpr Window k3x1 = {3, 1};
constexpr Window k5x5 = {5, 5};
constexpr Window k1x7 = {1, 7};
constexpr Window k7x1 = {7, 1};

ops::Padding padding_of(const Window& window) {
  if (!window.is_padded) return {};
  const uint32_t rows = window.height / 2, columns = window.width / 2;
  return {.top = rows, .bottom = rows, .left = columns, .right = columns};
}

/// Concatenates in pairs: copies each element twice rather than up to three times.
Tensor join(const Tensors& branches) {
  if (branches.size() != 4) return ops::concat(branches, 3);
  return ops::concat({ops::concat({branches[0], branches[1]}, 3),  //
                      ops::concat({branches[2], branches[3]}, 3)},
                     3);
}

}  // namespace

Tensor InceptionBlocks::convolution(const Tensor& x, const std::string& name, uint32_t channels,
                                    const Window& window) const {
  const auto [weight, bias] =
      weights_.convolution(x.graph(), name, {window.height, window.width, x.shape()[3], channels});
  return ops::conv2d(x, weight,
                     {.stride = window.stride,
                      .padding = padding_of(window),
                      .bias = bias,
                      .activation = ops::Activation::kRelu});
}

Tensor InceptionBlocks::pool(const Tensor& x, Pool pool) const {
  if (pool == Pool::kMaximum) return ops::max_pool2d(x, 3, 1, 1);
  return ops::average_pool2d(
      x, 3, 1, 1,
      variant_ == InceptionVariant::kFid ? ops::AverageOver::kPixels : ops::AverageOver::kWindow);
}

Tensor InceptionBlocks::figure_5(const Tensor& x, const std::string& name,
                                 uint32_t pooled_channels) const {
  const std::string branch = name + ".branch";
  Tensor narrow = convolution(x, branch + "1x1", 64);
  Tensor wide = convolution(x, branch + "5x5_1", 48);
  wide = convolution(wide, branch + "5x5_2", 64, k5x5);
  Tensor twice = convolution(x, branch + "3x3dbl_1", 64);
  twice = convolution(twice, branch + "3x3dbl_2", 96, k3x3);
  twice = convolution(twice, branch + "3x3dbl_3", 96, k3x3);
  Tensor pooled = convolution(pool(x, Pool::kAverage), branch + "_pool", pooled_channels);
  return join({narrow, wide, twice, pooled});
}

Tensor InceptionBlocks::reduction_6a(const Tensor& x, const std::string& name) const {
  const std::string branch = name + ".branch";
  Tensor once = convolution(x, branch + "3x3", 384, k3x3Halving);
  Tensor twice = convolution(x, branch + "3x3dbl_1", 64);
  twice = convolution(twice, branch + "3x3dbl_2", 96, k3x3);
  twice = convolution(twice, branch + "3x3dbl_3", 96, k3x3Halving);
  return join({once, twice, ops::max_pool2d(x, 3, 2)});
}

Tensor InceptionBlocks::figure_6(const Tensor& x, const std::string& name,
                                 uint32_t inner_channels) const {
  const std::string branch = name + ".branch";
  Tensor narrow = convolution(x, branch + "1x1", 192);
  Tensor once = convolution(x, branch + "7x7_1", inner_channels);
  once = convolution(once, branch + "7x7_2", inner_channels, k1x7);
  once = convolution(once, branch + "7x7_3", 192, k7x1);
  Tensor twice = convolution(x, branch + "7x7dbl_1", inner_channels);
  twice = convolution(twice, branch + "7x7dbl_2", inner_channels, k7x1);
  twice = convolution(twice, branch + "7x7dbl_3", inner_channels, k1x7);
  twice = convolution(twice, branch + "7x7dbl_4", inner_channels, k7x1);
  twice = convolution(twice, branch + "7x7dbl_5", 192, k1x7);
  Tensor pooled = convolution(pool(x, Pool::kAverage), branch + "_pool", 192);
  return join({narrow, once, twice, pooled});
}

Tensor InceptionBlocks::reduction_7a(const Tensor& x, const std::string& name) const {
  const std::string branch = name + ".branch";
  Tensor small = convolution(x, branch + "3x3_1", 192);
  small = convolution(small, branch + "3x3_2", 320, k3x3Halving);
  Tensor large = convolution(x, branch + "7x7x3_1", 192);
  large = convolution(large, branch + "7x7x3_2", 192, k1x7);
  large = convolution(large, branch + "7x7x3_3", 192, k7x1);
  large = convolution(large, branch + "7x7x3_4", 192, k3x3Halving);
  return join({small, large, ops::max_pool2d(x, 3, 2)});
}

Tensor InceptionBlocks::figure_7(const Tensor& x, const std::string& name, Pool pool) const {
  const std::string branch = name + ".branch";
  Tensor narrow = convolution(x, branch + "1x1", 320);
  Tensor small = convolution(x, branch + "3x3_1", 384);
  small = join({convolution(small, branch + "3x3_2a", 384, k1x3),
                convolution(small, branch + "3x3_2b", 384, k3x1)});
  Tensor large = convolution(x, branch + "3x3dbl_1", 448);
  large = convolution(large, branch + "3x3dbl_2", 384, k3x3);
  large = join({convolution(large, branch + "3x3dbl_3a", 384, k1x3),
                convolution(large, branch + "3x3dbl_3b", 384, k3x1)});
  Tensor pooled = convolution(this->pool(x, pool), branch + "_pool", 192);
  return join({narrow, small, large, pooled});
}

}  // namespace pumice::metrics
