#include <array>

#include "engine/base/divide_up.h"
#include "engine/ops/conv_gemm.h"
#include "engine/self_test/cases.h"

namespace pumice::self_test {
namespace {

/// A convolution that is not transposed.
struct Layer {
  uint32_t batch, height, width, in, out, kernel, stride, pad;

  uint32_t out_extent(uint32_t extent) const { return (extent + 2 * pad - kernel) / stride + 1; }
  Shape x() const { return {batch, height, width, in}; }
  Shape y() const { return {batch, out_extent(height), out_extent(width), out}; }
  Shape weight() const { return {kernel, kernel, in, out}; }
  ops::Padding padding() const { return {pad, pad, pad, pad}; }
  /// Terms of a sum of the product, of its input gradient, of its weight gradient.
  uint32_t terms() const { return kernel * kernel * in; }
  uint32_t transposed_terms() const { return kernel * kernel * out; }
  uint32_t pixels() const { return static_cast<uint32_t>(y().size() / out); }
};

// The second fills tiles of 128 x 128 and has terms to split; the fourth has channels that ops pad.
constexpr Layer kLayers[] = {{2, 8, 8, 32, 12, 4, 2, 1}, {3, 16, 16, 32, 64, 4, 2, 1},
                             {2, 9, 7, 8, 12, 3, 1, 1},  {2, 7, 6, 3, 5, 3, 1, 1},
                             {1, 10, 13, 4, 8, 3, 3, 0}, {4, 5, 5, 132, 4, 1, 1, 0},
                             {5, 6, 7, 4, 136, 5, 2, 2}};

/// Calls f({index in x, in the weight, in y}) for every product of the layer.
template <typename F>
void each_product(const Layer& layer, const F& f) {
  const Shape x = layer.x(), y = layer.y(), w = layer.weight();
  auto at = [](const Shape& s, size_t a, size_t b, size_t c) {
    return ((a * s[1] + b) * s[2] + c) * s[3];
  };
  for (uint32_t place = 0; place < y[0] * y[1] * y[2]; ++place) {
    const uint32_t image = place / (y[1] * y[2]), i = place / y[2] % y[1], j = place % y[2];
    for (uint32_t tap = 0; tap < w[0] * w[1]; ++tap) {
      const uint32_t row = i * layer.stride + tap / w[1] - layer.pad;  // wraps around in padding
      const uint32_t column = j * layer.stride + tap % w[1] - layer.pad;
      if (row >= layer.height || column >= layer.width) continue;
      const size_t of_x = at(x, image, row, column), of_w = at(w, tap / w[1], tap % w[1], 0);
      for (uint32_t c = 0; c < layer.in; ++c) {
        for (uint32_t n = 0; n < layer.out; ++n) {
          f({of_x + c, of_w + c * layer.out + n, size_t{place} * layer.out + n});
        }
      }
    }
  }
}

ops::ConvShape conv_shape(const Layer& layer) {
  return {.batch = layer.batch,
          .in_height = layer.height,
          .in_width = layer.width,
          .in_channels = round_up(layer.in, 4u),
          .out_height = layer.y()[1],
          .out_width = layer.y()[2],
          .out_channels = round_up(layer.out, 4u),
          .kernel_height = layer.kernel,
          .kernel_width = layer.kernel,
          .stride = layer.stride,
          .top = layer.pad,
          .left = layer.pad};
}

/// A case without run and reference.
Case case_of(const Layer& layer, const Shape& first, const Shape& second, uint32_t terms) {
  return {.shapes = {first, second},
          .run = {},
          .reference = {},
          .tolerance = 1e-5 + 1e-6 * terms,
          .can_compute = [=](ops::GemmCore core, const hal::Limits& limits) {
            return ops::can_convolve(core, conv_shape(layer), limits);
          }};
}

/// The sums of products that are the operand `result` (0: x, 1: the weight, 2: y), of `shape`, from
/// the case's inputs, which are the operands `first` and `second`.
std::vector<double> sums(const Layer& layer, const Shape& shape, size_t result, size_t first,
                         size_t second, const Inputs& in) {
  std::vector<double> all(shape.size());
  each_product(layer, [&](const std::array<size_t, 3>& at) {
    all[at[result]] += in[0].values[at[first]] * in[1].values[at[second]];
  });
  return all;
}

Case convolution(const Layer& layer) {
  Case result = case_of(layer, layer.x(), layer.weight(), layer.terms());
  result.run = [=](const Tensors& in) {
    return ops::conv2d(in[0], in[1], {.stride = layer.stride, .padding = layer.padding()});
  };
  result.reference = [=](const Inputs& in) { return sums(layer, layer.y(), 2, 0, 1, in); };
  return result;
}

/// The input gradient of the layer.
Case transposed_convolution(const Layer& layer) {
  Case result = case_of(layer, layer.y(), layer.weight(), layer.transposed_terms());
  result.run = [=](const Tensors& in) {
    return ops::conv_transpose2d(in[0], in[1],
                                 {.stride = layer.stride,
                                  .padding = layer.padding(),
                                  .out_height = layer.height,
                                  .out_width = layer.width});
  };
  result.reference = [=](const Inputs& in) { return sums(layer, layer.x(), 0, 2, 1, in); };
  return result;
}

Case weight_gradient(const Layer& layer) {
  Case result = case_of(layer, layer.x(), layer.y(), layer.pixels());
  result.run = [=](const Tensors& in) {
    return ops::conv2d_weight_gradient(in[0], in[1], layer.kernel, layer.kernel, layer.stride,
                                       layer.padding());
  };
  result.reference = [=](const Inputs& in) { return sums(layer, layer.weight(), 1, 0, 2, in); };
  return result;
}

Group group_of(std::string family, Family kind, Case (*make)(const Layer&)) {
  Group group{.family = std::move(family), .kind = kind};
  for (const Layer& layer : kLayers) group.cases.push_back(make(layer));
  group.cases.front().in_short_form = true;
  return group;
}

}  // namespace

Group convolutions() { return group_of("conv2d", Family::kConvolution, convolution); }

Group transposed_convolutions() {
  return group_of("conv2d, input gradient", Family::kConvolution, transposed_convolution);
}

Group weight_gradients() {
  return group_of("conv2d, weight gradient", Family::kWeightGradient, weight_gradient);
}

}  // namespace pumice::self_test
