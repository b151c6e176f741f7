#include "engine/nn/layers/conv_transpose2d.h"

#include "engine/nn/affine.h"
#include "engine/nn/layers/window.h"

namespace pumice::nn {
namespace {

uint32_t extent(uint32_t from, const ConvTranspose2d& conv) {
  return conv.padding == "same" ? from * conv.stride : (from - 1) * conv.stride + conv.kernel;
}

// PyTorch's fan, for comparability, although with a stride above one each output sums fewer taps.
// There is no spectral norm: the kernel is transposed, so the weight is not the matrix whose
// singular values matter.
Affine declare_affine(const LayerContext& context, const ConvTranspose2d& conv) {
  const uint32_t in = context.input[2];
  const uint64_t area = uint64_t{conv.kernel} * conv.kernel;
  return {context.parameters,
          context.name,
          {conv.kernel, conv.kernel, conv.out, in},
          conv.out,
          {.in = area * conv.out, .out = area * in},
          {.bias = conv.bias, .initialization = context.initialization}};
}

}  // namespace

void ConvTranspose2d::describe(LayerFields& fields) {
  fields.whole("out", out, 1);
  describe_convolution(fields, kernel, stride, padding);
  describe_activation(fields, activation, slope);
  fields.flag("bias", bias);
}

BuiltLayer ConvTranspose2d::build(const LayerContext& context) const {
  context.require_image();
  context.require_countable_edges(stride, kernel);
  const Shape output{extent(context.input[0], *this), extent(context.input[1], *this), out};
  auto forward = [affine = declare_affine(context, *this), conv = *this, output](
                     const Tensor& x, const ActivationOptions& activated,
                     const ForwardContext& pass) {
    Graph& graph = x.graph();
    const bool is_same = conv.padding == "same";
    return ops::conv_transpose2d(
        x, affine.weight(graph, pass),
        {.stride = conv.stride,
         .padding =
             is_same ? ops::same_padding_transposed(conv.kernel, conv.stride) : ops::Padding{},
         .out_height = output[0],
         .out_width = output[1],
         .bias = affine.bias(graph),
         .activation = activated.function,
         .slope = activated.slope});
  };
  return fusing(forward, output, activation_options(activation, slope));
}

std::string ConvTranspose2d::details() const { return window_text(kernel, stride); }

}  // namespace pumice::nn
