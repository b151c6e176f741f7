#include "tests/support/conv_reference.h"

namespace pumice::test {
namespace {

/// The input pixel that a window's tap covers along one axis; false if it is padding.
bool covered(uint32_t window, uint32_t tap, uint32_t stride, uint32_t before, uint32_t extent,
             uint32_t& pixel) {
  uint32_t place = window * stride + tap;
  pixel = place - before;
  return place >= before && pixel < extent;
}

/// Calls f(output row, output column, tap row, tap column, input row, input column) for all that
/// meet. `in` and `out` are images of a convolution that is not transposed.
template <typename F>
void each_meeting(const Shape& in, const Shape& out, uint32_t kernel_height, uint32_t kernel_width,
                  uint32_t stride, const ops::Padding& padding, const F& f) {
  uint32_t row = 0, column = 0;
  for (uint32_t i = 0; i < out[1]; ++i) {
    for (uint32_t ky = 0; ky < kernel_height; ++ky) {
      if (!covered(i, ky, stride, padding.top, in[1], row)) continue;
      for (uint32_t j = 0; j < out[2]; ++j) {
        for (uint32_t kx = 0; kx < kernel_width; ++kx) {
          if (covered(j, kx, stride, padding.left, in[2], column)) f(i, j, ky, kx, row, column);
        }
      }
    }
  }
}

size_t index(const Shape& s, uint32_t a, uint32_t b, uint32_t c, uint32_t d) {
  return ((size_t{a} * s[1] + b) * s[2] + c) * s[3] + d;
}

Array zeros(const Shape& shape) { return {shape, std::vector<double>(shape.size(), 0.0)}; }

/// The trilinear form behind all three: adds the product of the two factors for every meeting.
template <typename F>
void each_product(const Shape& in, const Shape& weight, const Shape& out, uint32_t stride,
                  const ops::Padding& padding, const F& f) {
  auto channels = [&](uint32_t i, uint32_t j, uint32_t ky, uint32_t kx, uint32_t row,
                      uint32_t column) {
    for (uint32_t b = 0; b < in[0]; ++b) {
      for (uint32_t c = 0; c < in[3]; ++c) {
        for (uint32_t n = 0; n < out[3]; ++n) {
          f(index(in, b, row, column, c), index(weight, ky, kx, c, n), index(out, b, i, j, n));
        }
      }
    }
  };
  each_meeting(in, out, weight[0], weight[1], stride, padding, channels);
}

}  // namespace

Array conv2d(const Array& x, const Array& weight, uint32_t stride, const ops::Padding& padding) {
  Array y =
      zeros({x.shape[0], (x.shape[1] + padding.top + padding.bottom - weight.shape[0]) / stride + 1,
             (x.shape[2] + padding.left + padding.right - weight.shape[1]) / stride + 1,
             weight.shape[3]});
  each_product(x.shape, weight.shape, y.shape, stride, padding,
               [&](size_t in, size_t tap, size_t out) {
                 y.values[out] += x.values[in] * weight.values[tap];
               });
  return y;
}

Array conv_transpose2d(const Array& x, const Array& weight, uint32_t stride,
                       const ops::Padding& padding, uint32_t out_height, uint32_t out_width) {
  Array y = zeros({x.shape[0], out_height, out_width, weight.shape[2]});
  each_product(y.shape, weight.shape, x.shape, stride, padding,
               [&](size_t in, size_t tap, size_t out) {
                 y.values[in] += x.values[out] * weight.values[tap];
               });
  return y;
}

Array conv2d_weight_gradient(const Array& x, const Array& dy, uint32_t kernel_height,
                             uint32_t kernel_width, uint32_t stride, const ops::Padding& padding) {
  Array weight = zeros({kernel_height, kernel_width, x.shape[3], dy.shape[3]});
  each_product(x.shape, weight.shape, dy.shape, stride, padding,
               [&](size_t in, size_t tap, size_t out) {
                 weight.values[tap] += x.values[in] * dy.values[out];
               });
  return weight;
}

}  // namespace pumice::test
