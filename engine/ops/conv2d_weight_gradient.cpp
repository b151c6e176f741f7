#include "engine/base/require.h"
#include "engine/ops/convolve.h"
#include "engine/ops/convolve_parts.h"
#include "engine/ops/parts.h"

namespace pumice::ops {
namespace {

void require_windows(std::string_view axis, uint32_t extent, uint32_t windows, uint32_t kernel,
                     uint32_t stride) {
  bool fits = kernel > 0 && stride > 0 && extent >= kernel;
  require(fits && (extent - kernel) / stride + 1 == windows,
          "conv2d_weight_gradient: a kernel of {} with stride {} does not give {} of {} padded "
          "pixels along the {}",
          kernel, stride, windows, extent, axis);
}

ConvShape shape_of_gradient(const Tensor& x, const Tensor& dy, uint32_t kernel_height,
                            uint32_t kernel_width, uint32_t stride, const Padding& padding) {
  require_images("conv2d_weight_gradient", x);
  require_images("conv2d_weight_gradient", dy);
  require(x.shape()[0] == dy.shape()[0],
          "conv2d_weight_gradient: expects as many gradients as images, got {} and {}", dy.shape(),
          x.shape());
  require_windows("height", x.shape()[1] + padding.top + padding.bottom, dy.shape()[1],
                  kernel_height, stride);
  require_windows("width", x.shape()[2] + padding.left + padding.right, dy.shape()[2], kernel_width,
                  stride);
  return {.batch = x.shape()[0],
          .in_height = x.shape()[1],
          .in_width = x.shape()[2],
          .in_channels = x.shape()[3],
          .out_height = dy.shape()[1],
          .out_width = dy.shape()[2],
          .out_channels = dy.shape()[3],
          .kernel_height = kernel_height,
          .kernel_width = kernel_width,
          .stride = stride,
          .top = padding.top,
          .left = padding.left};
}

}  // namespace

Tensor conv2d_weight_gradient(const Tensor& x, const Tensor& dy, uint32_t kernel_height,
                              uint32_t kernel_width, uint32_t stride, const Padding& padding) {
  const ConvShape shape = shape_of_gradient(x, dy, kernel_height, kernel_width, stride, padding);
  if (!images_fit(shape, x.graph().limits())) {
    return sum_by_rows("conv2d_weight_gradient", {x, dy}, widest_image(shape),
                       [&](const RowPart& part) {
                         return conv2d_weight_gradient(part.xs[0], part.xs[1], kernel_height,
                                                       kernel_width, stride, padding);
                       });
  }
  // Linear in x and in dy. Given the gradient g of the weight, dx is the transposed convolution of
  // dy with g, and the gradient for dy is x * g.
  return with_gradient(convolve_weights(x, dy, shape), {x, dy},
                       [x, dy, stride, padding](const Tensor& g, const Tensor&) -> Tensors {
                         Tensor dx = conv_transpose2d(dy, g,
                                                      {.stride = stride,
                                                       .padding = padding,
                                                       .out_height = x.shape()[1],
                                                       .out_width = x.shape()[2]});
                         return {dx, conv2d(x, g, {.stride = stride, .padding = padding})};
                       });
}

}  // namespace pumice::ops
