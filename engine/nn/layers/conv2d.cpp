#include "engine/nn/layers/conv2d.h"

#include "engine/base/divide_up.h"

namespace pumice::nn {
namespace {

uint32_t out_extent(uint32_t extent, const ConvOptions& options) {
  const uint64_t same = divide_up(uint64_t{extent}, options.stride);
  return options.same ? static_cast<uint32_t>(same)
                      : (extent - options.kernel) / options.stride + 1;
}

uint32_t transposed_extent(uint32_t extent, const ConvOptions& options) {
  return options.same ? extent * options.stride : (extent - 1) * options.stride + options.kernel;
}

uint64_t area(const ConvOptions& options) { return uint64_t{options.kernel} * options.kernel; }

}  // namespace

Conv2d::Conv2d(Parameters& parameters, const std::string& name, uint32_t in, uint32_t out,
               const ConvOptions& options)
    : options_(options),
      out_(out),
      affine_(parameters, name, {options.kernel, options.kernel, in, out}, out,
              {area(options) * in, area(options) * out}, options.affine) {}

Tensor Conv2d::operator()(const Tensor& x, const Pass& pass) const {
  Graph& graph = x.graph();
  const Shape picture{x.shape()[1], x.shape()[2]};
  return ops::conv2d(
      x, affine_.weight(graph, pass),
      {.stride = options_.stride,
       .padding = options_.same ? ops::same_padding(picture, options_.kernel, options_.stride)
                                : ops::Padding{},
       .bias = affine_.bias(graph),
       .activation = options_.activation,
       .slope = options_.slope});
}

Conv2d Conv2d::with_activation(ops::Activation activation) const {
  Conv2d other = *this;
  other.options_.activation = activation;
  return other;
}

Shape Conv2d::output(const Shape& picture) const {
  return {out_extent(picture[0], options_), out_extent(picture[1], options_), out_};
}

// The fan that PyTorch takes: each output of a transposed convolution sums fewer taps than that
// says when the stride is larger than one, but people compare with it.
ConvTranspose2d::ConvTranspose2d(Parameters& parameters, const std::string& name, uint32_t in,
                                 uint32_t out, const ConvOptions& options)
    : options_(options),
      out_(out),
      affine_(parameters, name, {options.kernel, options.kernel, out, in}, out,
              {area(options) * out, area(options) * in}, options.affine) {}

Tensor ConvTranspose2d::operator()(const Tensor& x, const Pass& pass) const {
  Graph& graph = x.graph();
  const Shape shape = output({x.shape()[1], x.shape()[2], x.shape()[3]});
  return ops::conv_transpose2d(
      x, affine_.weight(graph, pass),
      {.stride = options_.stride,
       .padding = options_.same ? ops::same_padding_transposed(options_.kernel, options_.stride)
                                : ops::Padding{},
       .out_height = shape[0],
       .out_width = shape[1],
       .bias = affine_.bias(graph),
       .activation = options_.activation,
       .slope = options_.slope});
}

ConvTranspose2d ConvTranspose2d::with_activation(ops::Activation activation) const {
  ConvTranspose2d other = *this;
  other.options_.activation = activation;
  return other;
}

Shape ConvTranspose2d::output(const Shape& picture) const {
  return {transposed_extent(picture[0], options_), transposed_extent(picture[1], options_), out_};
}

}  // namespace pumice::nn
