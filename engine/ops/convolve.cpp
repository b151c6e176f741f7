#include "engine/ops/convolve.h"

#include "engine/base/divide_up.h"
#include "engine/base/require.h"
#include "engine/ops/activation.h"
#include "engine/ops/grid.h"
#include "engine/ops/parts.h"
#include "engine/ops/sum_terms.h"
#include "engine/ops/tuned.h"

namespace pumice::ops {
namespace {

Tensor pad_to(const Tensor& x, int axis, uint32_t extent) { return pad(x, axis, 0, extent); }

/// Scratch memory must fit in one binding.
bool is_bindable(uint64_t rows, uint64_t columns, const hal::Limits& limits) {
  return numbers_fit(rows * round_up(columns, 4u), limits);
}

/// Whether the kernel is as large as the image, so that each pixel is used once.
bool is_one_window(const ConvShape& s) {
  uint32_t height = s.transposed ? s.out_height : s.in_height;
  uint32_t width = s.transposed ? s.out_width : s.in_width;
  bool one =
      s.transposed ? s.in_height == 1 && s.in_width == 1 : s.out_height == 1 && s.out_width == 1;
  return one && s.top == 0 && s.left == 0 && s.kernel_height == height && s.kernel_width == width;
}

/// A convolution that is a fully connected layer: from the kernel's size to 1 x 1, or back.
Tensor by_matrices(const Tensor& x, const Tensor& weight, const ConvShape& s,
                   const Epilogue& epilogue) {
  uint32_t inputs = s.transposed ? s.in_channels : s.taps() * s.in_channels;
  uint32_t outputs = s.transposed ? s.taps() * s.out_channels : s.out_channels;
  Tensor bias = epilogue.bias;
  if (bias && s.transposed) {
    bias = reshape(broadcast_to(bias, {s.taps(), s.out_channels}), {outputs});
  }
  return matmul(reshape(x, {s.batch, inputs}),
                reshape(weight, s.transposed ? Shape{outputs, inputs} : Shape{inputs, outputs}),
                {.transpose_b = s.transposed,
                 .bias = bias,
                 .activation = epilogue.activation,
                 .slope = epilogue.slope});
}

/// For one input channel: the taps become the channels of a product.
Tensor by_unfolding(const Tensor& x, const Tensor& weight, const ConvShape& s,
                    const Epilogue& epilogue) {
  Tensor rows = pad_to(reshape(weight, {s.taps(), s.out_channels}), 0, round_up(s.taps(), 4u));
  return matmul(
      unfold(x, s), rows,
      {.bias = epilogue.bias, .activation = epilogue.activation, .slope = epilogue.slope});
}

/// For few output channels: a product computes what each input pixel contributes to its output
/// pixels; fold() adds these up.
Tensor by_folding(const Tensor& x, const Tensor& weight, const ConvShape& s,
                  const Epilogue& epilogue) {
  Graph& graph = x.graph();
  const uint32_t columns = fold_columns(s);
  Tensor rows = graph.view(weight, s.transposed ? Shape{s.taps(), s.out_channels, s.in_channels}
                                                : Shape{s.taps(), s.in_channels, s.out_channels});
  if (!s.transposed) rows = swap_last_axes(rows);
  rows = reshape(pad_to(rows, 1, fold_channels(s.out_channels)), {columns, s.in_channels});
  rows = pad_to(rows, 0, round_up(columns, 4u));
  Tensor pixels = reshape(x, {static_cast<uint32_t>(s.in_pixels()), s.in_channels});
  uint32_t channels = round_up(s.in_channels, 4u);
  Tensor z = matmul(pad_to(pixels, 1, channels), pad_to(rows, 1, channels), {.transpose_b = true});
  return fold(z, s, epilogue);
}

/// A core, and how it splits the terms.
struct SplitCore {
  GemmCore core;
  TermSplit split;
};

ConvShape padded(ConvShape shape) {
  shape.in_channels = round_up(shape.in_channels, 4u);
  shape.out_channels = round_up(shape.out_channels, 4u);
  return shape;
}

bool takes_any_channels(GemmCore core) { return core == GemmCore::kPanels; }

/// Whether the taps of one input channel are better made the channels of a product.
bool is_unfolded(const ConvShape& s, GemmCore core, const hal::Limits& limits) {
  return s.in_channels == 1 && !takes_any_channels(core) &&
         is_bindable(s.out_pixels(), s.taps(), limits);
}

Shape shape_of_result(const ConvShape& s) {
  return {s.batch, s.out_height, s.out_width, s.out_channels};
}

/// A node without outputs and gradient.
Node convolution_node(const Tensor& x, const Tensor& weight, const ConvShape& s,
                      const SplitCore& choice, const Epilogue& epilogue) {
  const hal::Limits& limits = x.graph().limits();
  const GemmLaunch launch = launch_conv(choice.core, s, epilogue.for_gemm(), limits, choice.split);
  const Tensor& operand = epilogue.operand();
  Node node = {.kernel = launch.kernel,
               .inputs = {x, weight, operand ? operand : weight},
               .params = launch.params,
               .constants = launch.constants,
               .grid = launch.grid};
  if (has(limits, hal::Feature::kFusedKernels) && epilogue.is_plain()) {
    node.times_derivative = [=](const Tensor& v, uint32_t activation, float slope) {
      return convolution_node(x, weight, s, choice, Epilogue::derivative(v, activation, slope));
    };
  }
  return node;
}

/// The general case, with channels padded to whole vec4s unless the core takes any number.
Tensor by_core(const Tensor& x, const Tensor& weight, const ConvShape& shape, Epilogue epilogue) {
  Graph& graph = x.graph();
  const auto tuned = tuned_choice(padded(shape), graph.limits());
  const GemmCore core = tuned ? tuned->core : choose_conv_core(padded(shape), graph.limits());
  const ConvShape s = takes_any_channels(core) ? shape : padded(shape);
  const SplitCore choice = {
      core, tuned ? split_conv(s, tuned->parts) : split_conv(core, s, graph.limits())};
  Tensor pixels = pad_to(x, 3, s.in_channels);
  Tensor kernel = pad_to(pad_to(weight, 2, s.transposed ? s.out_channels : s.in_channels), 3,
                         s.transposed ? s.in_channels : s.out_channels);
  if (epilogue.bias) epilogue.bias = pad_to(epilogue.bias, 0, s.out_channels);
  Tensor y = graph.tensor(shape_of_result(s), DType::kF32);
  Node node = convolution_node(pixels, kernel, s, choice, epilogue);
  const bool is_whole = choice.split.count == 1;
  const Tensor sums = is_whole ? y : graph.tensor({choice.split.count, count(y)}, DType::kF32);
  node.outputs = {sums};
  graph.add(std::move(node));
  if (!is_whole) graph.add(sum_terms(sums, y, epilogue));
  return slice(y, 3, 0, shape.out_channels);
}

Tensor weights_by_core(const Tensor& x, const Tensor& dy, const ConvShape& shape) {
  Graph& graph = x.graph();
  const auto tuned = tuned_choice(ConvWeights{padded(shape)}, graph.limits());
  const GemmCore core = tuned ? tuned->core : choose_weights_core(padded(shape), graph.limits());
  const bool sums_fit = shape.taps() * shape.in_channels * shape.out_channels % 4 == 0;
  const ConvShape s = takes_any_channels(core) && sums_fit ? shape : padded(shape);
  PixelSplit split = tuned ? split_pixels(s, tuned->parts) : split_pixels(core, s, graph.limits());
  GemmLaunch launch = launch_conv_weights(core, s, split, graph.limits());
  Tensor partial =
      graph.tensor({split.count, s.taps() * s.in_channels, s.out_channels}, DType::kF32);
  graph.add({.kernel = launch.kernel,
             .inputs = {pad_to(x, 3, s.in_channels), pad_to(dy, 3, s.out_channels)},
             .outputs = {partial},
             .params = launch.params,
             .constants = launch.constants,
             .grid = launch.grid});
  Tensor total = split.count == 1 ? partial : sum_parts(partial);
  Tensor weight =
      graph.view(total, {s.kernel_height, s.kernel_width, s.in_channels, s.out_channels});
  return slice(slice(weight, 2, 0, shape.in_channels), 3, 0, shape.out_channels);
}

/// aᵀ·b of tall matrices a[k, m], b[k, n] → [m, n]: the weight gradient of a 1 x 1 kernel.
Tensor tall_product(const Tensor& a, const Tensor& b) {
  Graph& graph = a.graph();
  const uint32_t k = a.shape()[0], m = a.shape()[1], n = b.shape()[1];
  Tensor product = weights_by_core(graph.view(a, {1, 1, k, m}), graph.view(b, {1, 1, k, n}),
                                   {.batch = 1,
                                    .in_height = 1,
                                    .in_width = k,
                                    .in_channels = m,
                                    .out_height = 1,
                                    .out_width = k,
                                    .out_channels = n});
  return graph.view(product, {m, n});
}

/// The transposed convolution, from dy's pixels to x's.
ConvShape transposed(const ConvShape& s) {
  ConvShape t = s;
  std::swap(t.in_height, t.out_height);
  std::swap(t.in_width, t.out_width);
  std::swap(t.in_channels, t.out_channels);
  t.transposed = true;
  return t;
}

Tensor weights_from_one_channel(const Tensor& x, const Tensor& dy, const ConvShape& s) {
  Tensor pixels = x.graph().view(dy, {static_cast<uint32_t>(s.out_pixels()), s.out_channels});
  return slice(tall_product(unfold(x, s), pixels), 0, 0, s.taps());
}

Tensor weights_to_few_channels(const Tensor& x, const Tensor& dy, const ConvShape& s) {
  Graph& graph = x.graph();
  Tensor pixels = graph.view(x, {static_cast<uint32_t>(s.in_pixels()), s.in_channels});
  Tensor product = tall_product(unfold(dy, transposed(s)), pixels);  // [taps·out, in]
  product = slice(product, 0, 0, s.taps() * s.out_channels);
  return swap_last_axes(graph.view(product, {s.taps(), s.out_channels, s.in_channels}));
}

/// The number of parallel sums over pixels, enough to occupy the device.
uint32_t sums_side_by_side(const hal::Limits& limits) {
  return limits.prefers.many_threads ? 256 : 64;
}

/// The largest divisor of the number of pixels that is at most `most`.
uint32_t divisor(uint64_t pixels, uint32_t most) {
  uint32_t found = most;
  while (pixels % found != 0) --found;
  return found;
}

}  // namespace

Tensor convolve(const Tensor& x, const Tensor& weight, const ConvShape& shape,
                const Epilogue& epilogue) {
  const hal::Limits& limits = x.graph().limits();
  const Shape result = shape_of_result(shape);
  if (is_one_window(shape)) {
    return x.graph().view(by_matrices(x, weight, shape, epilogue), result);
  }
  if (is_unfolded(shape, choose_conv_core(padded(shape), limits), limits)) {
    return x.graph().view(by_unfolding(x, weight, shape, epilogue), result);
  }
  // A core would use only a few columns of its tiles.
  if (shape.out_channels <= kFoldChannels &&
      is_bindable(shape.in_pixels(), fold_columns(shape), limits)) {
    return by_folding(x, weight, shape, epilogue);
  }
  return by_core(x, weight, shape, epilogue);
}

Tensor convolve_weights(const Tensor& x, const Tensor& dy, const ConvShape& shape) {
  const hal::Limits& limits = x.graph().limits();
  const Shape result = {shape.kernel_height, shape.kernel_width, shape.in_channels,
                        shape.out_channels};
  if (is_unfolded(shape, choose_weights_core(padded(shape), limits), limits)) {
    return x.graph().view(weights_from_one_channel(x, dy, shape), result);
  }
  if (shape.out_channels < kFoldChannels &&
      is_bindable(shape.in_pixels(), uint64_t{shape.taps()} * shape.out_channels, limits)) {
    return x.graph().view(weights_to_few_channels(x, dy, shape), result);
  }
  return weights_by_core(x, dy, shape);
}

// In vec4s and two folds, [B·H·W, C] → [64, C] → [C]: several times as fast as sum() on lavapipe.
Tensor sum_over_pixels(const Tensor& dy) {
  Graph& graph = dy.graph();
  const uint32_t channels = dy.shape()[3];
  const uint64_t pixels = dy.size() / channels;
  const uint32_t kept = divisor(pixels, sums_side_by_side(graph.limits()));
  if (channels % 4 != 0 || kept == 1) return sum(dy, {0, 1, 2});
  Tensor folded = sum_parts(graph.view(dy, {static_cast<uint32_t>(pixels / kept), kept, channels}));
  Tensor total = sum_parts(graph.view(folded, {kept, 1, channels}));
  return with_gradient(graph.view(total, {channels}), {dy},
                       [shape = dy.shape()](const Tensor& g, const Tensor&) -> Tensors {
                         return {broadcast_to(g, shape)};
                       });
}

void require_images(std::string_view op, const Tensor& x) {
  require_f32(op, x);
  require(x.shape().rank() == 4 && x.size() > 0, "{}: expects images [B, H, W, C], got {}", op,
          x.shape());
}

Tensor with_gradient(const Tensor& product, const Tensors& differentiable,
                     const ProductRule& rule) {
  Graph& graph = product.graph();
  Tensor y = graph.view(product, product.shape());
  graph.add({.inputs = {product},
             .outputs = {y},
             .gradient = [rule, y](const Tensors& dy) -> Tensors { return rule(dy[0], y); },
             .differentiable = differentiable});
  return y;
}

Tensor differentiable_convolution(std::string_view op, const Tensor& x, const Tensor& weight,
                                  const ConvShape& shape, const Epilogue& epilogue,
                                  const ConvolutionRule& rule) {
  require(!epilogue.bias || epilogue.bias.shape() == Shape({shape.out_channels}),
          "{}: expects a bias of [{}], got {}", op, shape.out_channels,
          epilogue.bias ? epilogue.bias.shape() : Shape());
  if (needs_own_node(epilogue.activation)) {
    return activate(
        differentiable_convolution(op, x, weight, shape, without_activation(epilogue), rule),
        epilogue.activation, epilogue.slope);
  }
  Tensors differentiable = {x, weight};
  if (epilogue.bias) differentiable.push_back(epilogue.bias);
  return with_gradient(convolve(x, weight, shape, epilogue), differentiable,
                       [epilogue, rule](const Tensor& dy, const Tensor& y) {
                         Tensor dp =
                             activation_gradient(dy, y, epilogue.activation, epilogue.slope);
                         Tensors gradients = rule(dp);
                         if (epilogue.bias) gradients.push_back(sum_over_pixels(dp));
                         return gradients;
                       });
}

}  // namespace pumice::ops
