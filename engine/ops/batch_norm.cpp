#include "kernels/batch_norm.h"

#include <algorithm>
#include <numeric>

#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/activation.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"
#include "engine/ops/parts.h"
#include "engine/ops/unfold.h"
#include "kernels/batch_norm_gradient.h"
#include "kernels/batch_norm_gradient_fold.h"
#include "kernels/batch_norm_gradient_sums.h"
#include "kernels/batch_norm_moments.h"
#include "kernels/batch_norm_sums.h"

namespace pumice::ops {
namespace {

struct Options {
  float epsilon = 0;
  Activation activation = Activation::kNone;
  float slope = 0;

  std::vector<uint32_t> constants() const { return {static_cast<uint32_t>(activation)}; }
};

Options options_of(float epsilon, Activation activation, float slope) {
  bool is_relu = activation == Activation::kLeakyRelu && slope == 0;  // see leaky_relu
  return {epsilon, is_relu ? Activation::kRelu : activation, slope};
}

/// How threads walk x[rows, channels]: see shaders/include/columns.glsl.
struct Walk {
  uint32_t channels = 1;
  uint32_t rows = 1;
  uint32_t period = 1;  ///< in vec4s
  uint32_t length = 1;  ///< periods per thread
  uint32_t parts = 1;   ///< threads per position in the period

  uint32_t stride() const { return parts * period; }
  uint32_t sums() const { return 4 * stride() / channels; }  ///< per channel
};

/// `at_once`: the length is rounded up to a multiple of this. `choose_parts`: the number of threads
/// per position, given the walk so far and the number of periods in x.
template <typename ChooseParts>
Walk walk_of(const Tensor& x, uint32_t at_once, const ChooseParts& choose_parts) {
  const uint32_t channels = x.shape()[-1];
  const uint32_t repeat = channels / std::gcd(channels, 4u);
  const uint32_t quads = (count(x) - 1) / 4 + 1;
  // At least 32 vec4s, so that enough neighbouring threads read adjacent memory.
  Walk walk{
      .channels = channels, .rows = count(x) / channels, .period = 31 / repeat * repeat + repeat};
  const uint32_t periods = (quads - 1) / walk.period + 1;
  const uint32_t length = (periods - 1) / std::min(periods, choose_parts(walk, periods)) + 1;
  walk.length = (length - 1) / at_once * at_once + at_once;
  walk.parts = (periods - 1) / walk.length + 1;
  return walk;
}

/// For threads that compute sums: enough to occupy the device, few enough that adding up their sums
/// is quick.
Walk walk_for_sums(const Tensor& x) {
  const uint32_t threads = x.graph().limits().prefers.summing_threads;
  return walk_of(x, kernels::kStepsAtOnce, [=](const Walk& walk, uint32_t periods) {
    const uint32_t quick = 1024 / walk.sums();
    return std::max(1u, std::min({threads / walk.period, quick, (periods - 1) / 8 + 1}));
  });
}

/// Two tensors of partial sums, one row per group, which one thread per channel finally adds up.
struct SumRows {
  Tensor sums;
  Tensor others;
  uint32_t count = 1;
};

/// On GPUs, where a single thread is slow for many rows, they are first reduced to one.
SumRows few_rows(const Tensor& sums, const Tensor& others, const Walk& walk) {
  constexpr uint32_t kFewRows = 16;
  Graph& graph = sums.graph();
  if (!graph.limits().prefers.many_threads || walk.channels % 4 != 0 || walk.sums() <= kFewRows) {
    return {sums, others, walk.sums()};
  }
  const Shape rows = {walk.sums(), 1, walk.channels};
  return {sum_parts(graph.view(sums, rows)), sum_parts(graph.view(others, rows)), 1};
}

/// For threads that write as much as they read. Longer walks were not faster on lavapipe.
Walk walk_for_elements(const Tensor& x) {
  return walk_of(x, 1, [](const Walk&, uint32_t periods) { return (periods - 1) / 8 + 1; });
}

void check(std::string_view op, const Tensor& x, const Tensors& of_channels) {
  require_f32(op, x);
  require(x.shape().rank() > 0, "{}: expects x[…, C], got {}", op, x.shape());
  const Shape expected({static_cast<uint32_t>(x.shape()[-1])});
  for (const Tensor& tensor : of_channels) {
    require_f32(op, tensor);
    require(tensor.shape() == expected, "{}: expects {} numbers per channel of x{}, got {}", op,
            expected, x.shape(), tensor.shape());
  }
}

BatchNorm moments(const Tensor& x) {
  Graph& graph = x.graph();
  const Walk walk = walk_for_sums(x);
  Tensor sums = graph.tensor({walk.stride(), 4}, DType::kF32);
  Tensor squares = graph.tensor({walk.stride(), 4}, DType::kF32);
  graph.add({
      .kernel = &kernels::batch_norm_sums,
      .inputs = {x},
      .outputs = {sums, squares},
      .params = pack(kernels::BatchNormSumsParams{count(x), walk.channels, walk.stride(),
                                                  walk.period, walk.length}),
      .grid = grid_for(walk.stride(), kernels::batch_norm_sums, graph.limits()),
  });
  const SumRows rows = few_rows(sums, squares, walk);
  Tensor mean = graph.tensor({walk.channels}, DType::kF32);
  Tensor variance = graph.tensor({walk.channels}, DType::kF32);
  graph.add({
      .kernel = &kernels::batch_norm_moments,
      .inputs = {x, rows.sums, rows.others},
      .outputs = {mean, variance},
      .params = pack(kernels::BatchNormMomentsParams{
          .channels = walk.channels, .parts = rows.count, .rows = static_cast<float>(walk.rows)}),
      .grid = grid_for(walk.channels + 3, kernels::batch_norm_moments, graph.limits()),
  });
  return {.mean = mean, .variance = variance};
}

/// dp = dy · activation'; y is the output of `normalize`.
struct Upstream {
  Tensor dy;
  Tensor y;
};

struct FoldedGradient {
  Tensor scale_gradient;
  Tensor shift_gradient;
  Tensor coefficients;  ///< per channel: see batch_norm_gradient.comp
};

FoldedGradient fold_gradient(const Upstream& up, const Tensor& x, const Tensor& scale,
                             const BatchNorm& batch, const Options& options) {
  Graph& graph = x.graph();
  const Walk walk = walk_for_sums(x);
  Tensor sums = graph.tensor({walk.stride(), 4}, DType::kF32);
  Tensor products = graph.tensor({walk.stride(), 4}, DType::kF32);
  graph.add({
      .kernel = &kernels::batch_norm_gradient_sums,
      .inputs = {up.dy, up.y, x, batch.mean},
      .outputs = {sums, products},
      .params = pack(kernels::BatchNormGradientSumsParams{count(x), walk.channels, walk.stride(),
                                                          walk.period, walk.length, options.slope}),
      .constants = options.constants(),
      .grid = grid_for(walk.stride(), kernels::batch_norm_gradient_sums, graph.limits()),
  });
  const SumRows rows = few_rows(sums, products, walk);
  FoldedGradient folded{.scale_gradient = graph.tensor(scale.shape(), DType::kF32),
                        .shift_gradient = graph.tensor(scale.shape(), DType::kF32),
                        .coefficients = graph.tensor({walk.channels, 4}, DType::kF32)};
  graph.add({
      .kernel = &kernels::batch_norm_gradient_fold,
      .inputs = {rows.sums, rows.others, scale, batch.mean, batch.variance},
      .outputs = {folded.scale_gradient, folded.shift_gradient, folded.coefficients},
      .params = pack(kernels::BatchNormGradientFoldParams{.channels = walk.channels,
                                                          .parts = rows.count,
                                                          .rows = static_cast<float>(walk.rows),
                                                          .epsilon = options.epsilon}),
      .grid = grid_for(walk.channels + 3, kernels::batch_norm_gradient_fold, graph.limits()),
  });
  return folded;
}

Tensors batch_norm_gradient(const Upstream& up, const Tensor& x, const Tensor& scale,
                            const BatchNorm& batch, const Options& options) {
  Graph& graph = x.graph();
  const FoldedGradient folded = fold_gradient(up, x, scale, batch, options);
  const Walk walk = walk_for_elements(x);
  Tensor dx = graph.tensor(x.shape(), DType::kF32);
  graph.add({
      .kernel = &kernels::batch_norm_gradient,
      .inputs = {up.dy, up.y, x, folded.coefficients},
      .outputs = {dx},
      .params = pack(kernels::BatchNormGradientParams{count(x), walk.channels, walk.stride(),
                                                      walk.period, walk.length, options.slope}),
      .constants = options.constants(),
      .grid = grid_for(walk.stride(), kernels::batch_norm_gradient, graph.limits()),
  });
  return {dx, folded.scale_gradient, folded.shift_gradient};
}

/// The last step of both ops, as a node without its gradient.
Node normalize(const Tensor& x, const Tensor& scale, const Tensor& shift, const BatchNorm& batch,
               const Options& options) {
  const Walk walk = walk_for_elements(x);
  return {
      .kernel = &kernels::batch_norm,
      .inputs = {x, scale, shift, batch.mean, batch.variance},
      .outputs = {batch.y},
      .params = pack(kernels::BatchNormParams{count(x), walk.channels, walk.stride(), walk.period,
                                              walk.length, options.epsilon, options.slope}),
      .constants = {static_cast<uint32_t>(options.activation), walk.channels % 4 == 0},
      .grid = grid_for(walk.stride(), kernels::batch_norm, x.graph().limits()),
  };
}

/// y = activation(n · scale + shift), n = (x - mean) / sqrt(variance + ε), with given moments.
Tensors inference_gradient(const Tensor& dy, const Tensor& x, const Tensor& scale,
                           const BatchNorm& batch, const Options& options) {
  const Shape& of_channel = scale.shape();
  Tensor dp = activation_gradient(dy, batch.y, options.activation, options.slope);
  Tensor deviation = sqrt(affine(batch.variance, 1, options.epsilon));
  Tensor normal = divide(subtract(x, batch.mean), deviation);
  Tensor dx = multiply(dp, divide(scale, deviation));
  Tensor for_variance = divide(sum_to(multiply(dx, normal), of_channel), affine(deviation, -2, 0));
  return {dx, sum_to(multiply(dp, normal), of_channel), sum_to(dp, of_channel),
          negate(sum_to(dx, of_channel)), for_variance};
}

/// The same computed with other ops, which accept tensors larger than one binding.
BatchNorm batch_norm_by_parts(const Tensor& x, const Tensor& scale, const Tensor& shift,
                              const Options& options) {
  const auto channels = static_cast<uint32_t>(x.shape()[-1]);
  const Tensor rows = reshape(x, {count(x) / channels, channels});
  BatchNorm batch{.y = {}, .mean = mean(rows, {0}), .variance = {}};
  const Tensor centered = subtract(rows, batch.mean);
  batch.variance = mean(square(centered), {0});
  const Tensor factor = divide(scale, sqrt(affine(batch.variance, 1, options.epsilon)));
  const Tensor y = add(multiply(centered, factor), shift);
  batch.y = reshape(activate(y, options.activation, options.slope), x.shape());
  return batch;
}

}  // namespace

BatchNorm batch_norm(const Tensor& x, const Tensor& scale, const Tensor& shift, float epsilon,
                     Activation activation, float slope) {
  check("batch_norm", x, {scale, shift});
  if (needs_own_node(activation)) {
    BatchNorm batch = batch_norm(x, scale, shift, epsilon);
    batch.y = activate(batch.y, activation, slope);
    return batch;
  }
  const Options options = options_of(epsilon, activation, slope);
  if (!fits(x)) return batch_norm_by_parts(x, scale, shift, options);
  BatchNorm batch = moments(x);
  batch.y = x.graph().tensor(x.shape(), DType::kF32);
  Node node = normalize(x, scale, shift, batch, options);
  node.gradient = [x, scale, batch, options](const Tensors& dy) {
    bool is_linear = options.activation == Activation::kNone;
    return batch_norm_gradient({dy[0], is_linear ? dy[0] : batch.y}, x, scale, batch, options);
  };
  node.differentiable = {x, scale, shift};
  x.graph().add(std::move(node));
  return batch;
}

Tensor batch_norm_inference(const Tensor& x, const Tensor& scale, const Tensor& shift,
                            const Tensor& mean, const Tensor& variance, float epsilon,
                            Activation activation, float slope) {
  check("batch_norm_inference", x, {scale, shift, mean, variance});
  if (needs_own_node(activation)) {
    return activate(batch_norm_inference(x, scale, shift, mean, variance, epsilon), activation,
                    slope);
  }
  if (!fits(x)) {
    return by_rows("batch_norm_inference", {x}, 1, [&](const RowPart& part) {
      return batch_norm_inference(part.xs[0], scale, shift, mean, variance, epsilon, activation,
                                  slope);
    });
  }
  const Options options = options_of(epsilon, activation, slope);
  const BatchNorm batch{x.graph().tensor(x.shape(), DType::kF32), mean, variance};
  Node node = normalize(x, scale, shift, batch, options);
  node.gradient = [x, scale, batch, options](const Tensors& dy) {
    return inference_gradient(dy[0], x, scale, batch, options);
  };
  x.graph().add(std::move(node));
  return batch.y;
}

}  // namespace pumice::ops
