#include "engine/base/divide_up.h"
#include "engine/base/require.h"
#include "engine/ops/convolve.h"
#include "engine/ops/convolve_parts.h"
#include "engine/ops/parts.h"

namespace pumice::ops {
namespace {

/// The number of positions of a window along an axis.
uint32_t windows(uint32_t extent, uint32_t before, uint32_t after, uint32_t kernel,
                 uint32_t stride) {
  uint64_t padded = uint64_t{extent} + before + after;
  require(stride > 0, "conv2d: expects a stride of at least 1, got 0");
  require(kernel > 0 && padded >= kernel, "conv2d: a kernel of {} does not fit {} pixels", kernel,
          padded);
  return static_cast<uint32_t>((padded - kernel) / stride + 1);
}

ConvShape shape_of(const Tensor& x, const Tensor& weight, const Conv2dOptions& options) {
  require_images("conv2d", x);
  require(weight.shape().rank() == 4 && weight.shape()[2] == x.shape()[3],
          "conv2d: expects a weight [kh, kw, {}, out] for images {}, got {}", x.shape()[3],
          x.shape(), weight.shape());
  const Padding& padding = options.padding;
  return {
      .batch = x.shape()[0],
      .in_height = x.shape()[1],
      .in_width = x.shape()[2],
      .in_channels = x.shape()[3],
      .out_height =
          windows(x.shape()[1], padding.top, padding.bottom, weight.shape()[0], options.stride),
      .out_width =
          windows(x.shape()[2], padding.left, padding.right, weight.shape()[1], options.stride),
      .out_channels = weight.shape()[3],
      .kernel_height = weight.shape()[0],
      .kernel_width = weight.shape()[1],
      .stride = options.stride,
      .top = padding.top,
      .left = padding.left,
  };
}

}  // namespace

Padding same_padding(const Shape& image, uint32_t kernel, uint32_t stride) {
  require(image.rank() >= 2 && stride > 0,
          "same_padding: expects an image [H, W, ...] and a stride of at least 1, got {} and {}",
          image, stride);
  auto total = [&](uint32_t extent) {
    uint32_t covered = round_up(extent, stride) - stride + kernel;
    return covered > extent ? covered - extent : 0;
  };
  uint32_t rows = total(image[0]);
  uint32_t columns = total(image[1]);
  return {.top = rows / 2,
          .bottom = rows - rows / 2,
          .left = columns / 2,
          .right = columns - columns / 2};
}

Tensor conv2d(const Tensor& x, const Tensor& weight, const Conv2dOptions& options) {
  const ConvShape shape = shape_of(x, weight, options);
  const hal::Limits& limits = x.graph().limits();
  if (!weight_fits(shape, limits)) return conv2d_by_taps(x, weight, shape, options);
  if (!images_fit(shape, limits)) {
    return by_rows("conv2d", {x}, widest_image(shape),
                   [&](const RowPart& part) { return conv2d(part.xs[0], weight, options); });
  }
  return differentiable_convolution(
      "conv2d", x, weight, shape,
      {.bias = options.bias, .activation = options.activation, .slope = options.slope},
      [x, weight, stride = options.stride, padding = options.padding](const Tensor& dp) -> Tensors {
        Tensor dx = conv_transpose2d(dp, weight,
                                     {.stride = stride,
                                      .padding = padding,
                                      .out_height = x.shape()[1],
                                      .out_width = x.shape()[2]});
        return {dx, conv2d_weight_gradient(x, dp, weight.shape()[0], weight.shape()[1], stride,
                                           padding)};
      });
}

}  // namespace pumice::ops
