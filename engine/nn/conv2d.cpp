#include "engine/nn/conv2d.h"

namespace pumice::nn {
namespace {

uint32_t out_extent(uint32_t extent, const ConvOptions& options) {
  return options.same ? (extent + options.stride - 1) / options.stride
                      : (extent - options.kernel) / options.stride + 1;
}

uint32_t transposed_extent(uint32_t extent, const ConvOptions& options) {
  return options.same ? extent * options.stride : (extent - 1) * options.stride + options.kernel;
}

uint64_t area(const ConvOptions& options) { return uint64_t{options.kernel} * options.kernel; }

Tensor present(Graph& graph, const Parameters& parameters, std::optional<uint32_t> handle) {
  return handle ? parameters.tensor(graph, *handle) : Tensor();
}

}  // namespace

Conv2d::Conv2d(Parameters& parameters, const std::string& name, uint32_t in, uint32_t out,
               const ConvOptions& options)
    : parameters_(&parameters), options_(options), out_(out) {
  const Fan fan{area(options) * in, area(options) * out};
  const Initialization initialization = options.initialization;
  weight_ = parameters.add(weight_parameter(
      name + ".weight", {options.kernel, options.kernel, in, out}, fan, initialization));
  if (options.bias)
    bias_ = parameters.add(bias_parameter(name + ".bias", out, fan, initialization));
}

Tensor Conv2d::operator()(const Tensor& x) const {
  Graph& graph = x.graph();
  const Shape picture{x.shape()[1], x.shape()[2]};
  return ops::conv2d(
      x, parameters_->tensor(graph, weight_),
      {.stride = options_.stride,
       .padding = options_.same ? ops::same_padding(picture, options_.kernel, options_.stride)
                                : ops::Padding{},
       .bias = present(graph, *parameters_, bias_),
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
    : parameters_(&parameters), options_(options), out_(out) {
  const Fan fan{area(options) * out, area(options) * in};
  const Initialization initialization = options.initialization;
  weight_ = parameters.add(weight_parameter(
      name + ".weight", {options.kernel, options.kernel, out, in}, fan, initialization));
  if (options.bias)
    bias_ = parameters.add(bias_parameter(name + ".bias", out, fan, initialization));
}

Tensor ConvTranspose2d::operator()(const Tensor& x) const {
  Graph& graph = x.graph();
  const Shape shape = output({x.shape()[1], x.shape()[2], x.shape()[3]});
  return ops::conv_transpose2d(
      x, parameters_->tensor(graph, weight_),
      {.stride = options_.stride,
       .padding = options_.same ? ops::same_padding_transposed(options_.kernel, options_.stride)
                                : ops::Padding{},
       .out_height = shape[0],
       .out_width = shape[1],
       .bias = present(graph, *parameters_, bias_),
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
