#include "engine/base/require.h"
#include "engine/ops/convolve.h"
#include "engine/ops/convolve_parts.h"
#include "engine/ops/parts.h"

namespace pumice::ops {
namespace {

/// The extent of the result along one axis; if `wanted` is 0, the smallest possible.
uint32_t result_extent(uint32_t extent, uint32_t wanted, uint32_t before, uint32_t after,
                       uint32_t kernel, uint32_t stride) {
  require(stride > 0, "conv_transpose2d: expects a stride of at least 1, got 0");
  uint64_t whole = uint64_t{extent - 1} * stride + kernel;
  uint64_t cut = uint64_t{before} + after;
  require(kernel > 0 && whole + (wanted ? stride - 1 : 0) > cut,
          "conv_transpose2d: cropping {} of {} pixels leaves none", cut, whole);
  if (wanted == 0) return static_cast<uint32_t>(whole - cut);
  require(wanted + cut >= whole && wanted + cut < whole + stride,
          "conv_transpose2d: {} pixels with a kernel of {} and stride {}, {} cropped, cannot give "
          "{} pixels",
          extent, kernel, stride, cut, wanted);
  return wanted;
}

ConvShape shape_of(const Tensor& x, const Tensor& weight, const ConvTranspose2dOptions& options) {
  require_images("conv_transpose2d", x);
  require(weight.shape().rank() == 4 && weight.shape()[3] == x.shape()[3],
          "conv_transpose2d: expects a weight [kh, kw, out, {}] for images {}, got {}",
          x.shape()[3], x.shape(), weight.shape());
  const Padding& padding = options.padding;
  return {
      .batch = x.shape()[0],
      .in_height = x.shape()[1],
      .in_width = x.shape()[2],
      .in_channels = x.shape()[3],
      .out_height = result_extent(x.shape()[1], options.out_height, padding.top, padding.bottom,
                                  weight.shape()[0], options.stride),
      .out_width = result_extent(x.shape()[2], options.out_width, padding.left, padding.right,
                                 weight.shape()[1], options.stride),
      .out_channels = weight.shape()[2],
      .kernel_height = weight.shape()[0],
      .kernel_width = weight.shape()[1],
      .stride = options.stride,
      .top = padding.top,
      .left = padding.left,
      .transposed = true,
  };
}

}  // namespace

Padding same_padding_transposed(uint32_t kernel, uint32_t stride) {
  uint32_t total = kernel > stride ? kernel - stride : 0;
  return {
      .top = total / 2, .bottom = total - total / 2, .left = total / 2, .right = total - total / 2};
}

Tensor conv_transpose2d(const Tensor& x, const Tensor& weight,
                        const ConvTranspose2dOptions& options) {
  const ConvShape shape = shape_of(x, weight, options);
  const hal::Limits& limits = x.graph().limits();
  if (!weight_fits(shape, limits)) return conv_transpose2d_by_taps(x, weight, shape, options);
  if (!images_fit(shape, limits)) {
    return by_rows("conv_transpose2d", {x}, widest_image(shape), [&](const RowPart& part) {
      return conv_transpose2d(part.xs[0], weight, options);
    });
  }
  // The gradients come from the convolution from y to x with the same weight.
  return differentiable_convolution(
      "conv_transpose2d", x, weight, shape,
      {.bias = options.bias, .activation = options.activation, .slope = options.slope},
      [x, weight, stride = options.stride, padding = options.padding](const Tensor& dp) -> Tensors {
        return {
            conv2d(dp, weight, {.stride = stride, .padding = padding}),
            conv2d_weight_gradient(dp, x, weight.shape()[0], weight.shape()[1], stride, padding)};
      });
}

}  // namespace pumice::ops
