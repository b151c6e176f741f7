#include "engine/nn/layers/conv2d.h"

#include <algorithm>

#include "engine/base/divide_up.h"
#include "engine/base/require.h"
#include "engine/nn/affine.h"
#include "engine/nn/layers/window.h"

namespace pumice::nn {
namespace {

uint32_t extent(uint32_t from, const Conv2d& conv) {
  const uint64_t same = divide_up(uint64_t{from}, conv.stride);
  return conv.padding == "same" ? static_cast<uint32_t>(same)
                                : (from - conv.kernel) / conv.stride + 1;
}

Affine declare_affine(const LayerContext& context, const Conv2d& conv) {
  const uint32_t in = context.input[2];
  const uint64_t area = uint64_t{conv.kernel} * conv.kernel;
  return {context.parameters,
          context.name,
          {conv.kernel, conv.kernel, in, conv.out},
          conv.out,
          {.in = area * in, .out = area * conv.out},
          {conv.bias, conv.spectral_norm, context.initialization}};
}

}  // namespace

void Conv2d::describe(LayerFields& fields) {
  fields.whole("out", out, 1);
  describe_convolution(fields, kernel, stride, padding);
  describe_activation(fields, activation, slope);
  fields.flag("bias", bias);
  fields.flag("spectral_norm", spectral_norm);
}

BuiltLayer Conv2d::build(const LayerContext& context) const {
  context.require_image();
  const Shape& input = context.input;
  const bool is_same = padding == "same";
  require(is_same || std::min(input[0], input[1]) >= kernel,
          "{} ({}): a kernel of {} x {} does not fit in {} without padding", context.name, kType,
          kernel, kernel, input);
  auto forward = [affine = declare_affine(context, *this), kernel = kernel, stride = stride,
                  is_same](const Tensor& x, const ActivationOptions& activated,
                           const ForwardContext& pass) {
    Graph& graph = x.graph();
    const Shape image{x.shape()[1], x.shape()[2]};
    return ops::conv2d(
        x, affine.weight(graph, pass),
        {.stride = stride,
         .padding = is_same ? ops::same_padding(image, kernel, stride) : ops::Padding{},
         .bias = affine.bias(graph),
         .activation = activated.function,
         .slope = activated.slope});
  };
  return fusing(forward, {extent(input[0], *this), extent(input[1], *this), out},
                activation_options(activation, slope));
}

std::string Conv2d::details() const { return window_text(kernel, stride); }

}  // namespace pumice::nn
