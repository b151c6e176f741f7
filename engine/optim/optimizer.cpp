#include "engine/optim/optimizer.h"

#include <array>
#include <cmath>
#include <span>

#include "engine/base/find_name.h"
#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"
#include "engine/optim/ranges.h"
#include "kernels/loss_scale.h"
#include "kernels/rates.h"
#include "kernels/square_sums.h"
#include "kernels/update.h"

namespace pumice::optim {
namespace {

/// Enough threads to occupy the device, few enough that adding up their sums is quick.
uint32_t norm_threads(uint32_t count, const hal::Limits& limits) {
  const uint32_t threads =
      limits.prefers.many_threads ? std::clamp(count / 64, 4096u, 32768u) : 4096;
  return std::min(threads, count);
}

/// log β, with β rounded to f32 as in the kernel: 1 - 0.999 then has a relative error of 1e-5,
/// which the bias correction must cancel.
float log_of_rounded(double beta) {
  return static_cast<float>(std::log(static_cast<double>(static_cast<float>(beta))));
}

/// The scale of the loss, and the steps since it changed: see loss_scale.comp.
constexpr std::array<float, 2> kScaleState = {65536, 0};

/// Whether the first state is Adam's first moment rather than a momentum.
bool averages_gradients(Method method) {
  return method == Method::kAdam || method == Method::kAdamw;
}

void check(const OptimizerOptions& options) {
  auto is_share = [](double x) { return x >= 0 && x < 1; };
  require(options.learning_rate > 0, "optimizer: expects a learning rate > 0, got {}",
          options.learning_rate);
  require(is_share(options.beta1) && is_share(options.beta2) && is_share(options.smoothing) &&
              is_share(options.momentum),
          "optimizer: expects beta1, beta2, smoothing and momentum >= 0 and < 1, got {}, {}, "
          "{}, {}",
          options.beta1, options.beta2, options.smoothing, options.momentum);
  require(options.epsilon > 0, "optimizer: expects an epsilon > 0, got {}", options.epsilon);
  require(options.weight_decay >= 0 && options.clip_norm >= 0 && options.clip_weights >= 0,
          "optimizer: expects weight decay, clip_norm and clip_weights >= 0, got {}, {}, {}",
          options.weight_decay, options.clip_norm, options.clip_weights);
  require(!options.nesterov || options.momentum > 0,
          "optimizer: nesterov expects a momentum > 0, got {}", options.momentum);
  check(options.schedule);
}

}  // namespace

Method method_by_name(std::string_view name) {
  return static_cast<Method>(find_name("optimizer", kernels::kNames<Method>, name));
}

Optimizer::Optimizer(hal::Device& device, const nn::Parameters& parameters,
                     const OptimizerOptions& options)
    : parameters_(parameters), options_(options) {
  check(options);
  require(parameters.trainable_bytes() > 0, "optimizer: there is nothing to train");
  const bool is_adam = averages_gradients(options.method);
  const bool averages_squares = options.method != Method::kSgd;
  gradients_ = device.allocate(parameters.trainable_bytes(), "optimizer.gradients");
  first_ = allocate_state(device, is_adam || options.momentum > 0,
                          is_adam ? "first_moment" : "momentum");
  second_ = allocate_state(device, averages_squares, is_adam ? "second_moment" : "square_average");
  if (device.limits().prefers.precision == hal::Precision::kF32) return;
  scale_ = device.allocate(kScaleState.size() * sizeof(float), "optimizer.scale");
  device.write(*scale_, std::as_bytes(std::span(kScaleState)));
  state_.push_back({"scale", scale_, Shape{kScaleState.size()}});
}

// State that the method does not use is still bound, but never accessed.
hal::BufferPtr Optimizer::allocate_state(hal::Device& device, bool is_used,
                                         const std::string& name) {
  const uint64_t bytes = is_used ? parameters_.trainable_bytes() : sizeof(float);
  hal::BufferPtr buffer = device.allocate(bytes, "optimizer." + name);
  if (is_used) state_.push_back({name, buffer});
  return buffer;
}

Tensor Optimizer::step(const Tensor& loss, const Tensor& step_state) const {
  Graph& graph = loss.graph();
  const Tensor scaled =
      scale_ ? ops::multiply(loss, graph.external(scale_, {}, DType::kF32)) : loss;
  const Tensors gradients = ops::gradients(scaled, parameters_.trainable(graph));
  const Tensors targets = parameters_.trainable_in(graph, gradients_);
  for (size_t i = 0; i < gradients.size(); ++i) ops::store(gradients[i], targets[i]);
  Scope scope(graph, "optimizer");
  const auto [norm, factors] = unscaled(gradient_norm(graph));
  Tensor rates = this->rates(step_state, norm);
  if (factors) rates = ops::multiply(rates, factors);
  for (const Range& range : ranges_of(parameters_.trainable_bytes(), graph.limits())) {
    update(graph, rates, range);
  }
  return norm;
}

Tensor Optimizer::gradient_norm(Graph& graph) const {
  Tensor squares;
  for (const Range& range : ranges_of(parameters_.trainable_bytes(), graph.limits())) {
    const uint32_t threads = norm_threads(range.count, graph.limits());
    Tensor sums = graph.tensor({threads}, DType::kF32);
    graph.add({
        .kernel = &kernels::square_sums,
        .inputs = {range_of(graph, gradients_, range)},
        .outputs = {sums},
        .params = pack(kernels::SquareSumsParams{.count = range.count, .threads = threads}),
        .grid = ops::grid_for(threads, kernels::square_sums, graph.limits()),
    });
    Tensor sum = ops::sum(sums);
    squares = squares ? ops::add(squares, sum) : sum;
  }
  return ops::sqrt(squares);
}

Optimizer::Norm Optimizer::unscaled(const Tensor& norm) const {
  if (!scale_) return {norm, {}};
  Graph& graph = norm.graph();
  Tensor whole = graph.tensor(norm.shape(), DType::kF32);
  Tensor factors = graph.tensor({4}, DType::kF32);
  graph.add({
      .kernel = &kernels::loss_scale,
      .inputs = {norm},
      .updates = {graph.external(scale_, {2}, DType::kF32)},
      .outputs = {whole, factors},
  });
  return {whole, factors};
}

Tensor Optimizer::rates(const Tensor& step_state, const Tensor& norm) const {
  Graph& graph = step_state.graph();
  Tensor rates = graph.tensor({4}, DType::kF32);
  // Something must be bound. Without clipping, the norm is computed only if it is used elsewhere.
  Tensor unread = graph.external(gradients_, {1}, DType::kF32);
  graph.add({
      .kernel = &kernels::rates,
      .inputs = {step_state, options_.clip_norm > 0 ? norm : unread},
      .outputs = {rates},
      .params =
          pack(kernels::RatesParams{.learning_rate = static_cast<float>(options_.learning_rate),
                                    .warm_up_steps = options_.schedule.warm_up_steps,
                                    .decay = static_cast<uint32_t>(options_.schedule.decay),
                                    .steps = options_.schedule.steps,
                                    .factor = static_cast<float>(options_.schedule.factor),
                                    .log_beta1 = log_of_rounded(options_.beta1),
                                    .log_beta2 = log_of_rounded(options_.beta2),
                                    .clip_norm = static_cast<float>(options_.clip_norm)}),
  });
  return rates;
}

void Optimizer::update(Graph& graph, const Tensor& rates, const Range& range) const {
  const bool is_adam = averages_gradients(options_.method);
  auto part = [&](const hal::BufferPtr& flat) { return range_of(graph, flat, range); };
  auto memory = [&](const hal::BufferPtr& buffer) {
    return buffer->bytes() < parameters_.trainable_bytes()
               ? graph.external(buffer, {1}, DType::kF32)
               : part(buffer);
  };
  graph.add({
      .kernel = &kernels::update,
      .inputs = {part(gradients_), rates},
      .updates = {part(parameters_.buffer()), memory(first_), memory(second_)},
      .params = pack(kernels::UpdateParams{
          .count = range.count,
          .keep_first = static_cast<float>(is_adam ? options_.beta1 : options_.momentum),
          .keep_second = static_cast<float>(is_adam ? options_.beta2 : options_.smoothing),
          .epsilon = static_cast<float>(options_.epsilon),
          .weight_decay = static_cast<float>(options_.weight_decay),
          .nesterov = options_.nesterov ? 1u : 0u,
          .clip_weights = static_cast<float>(options_.clip_weights)}),
      .constants =
          pack_constants(kernels::UpdateConstants{.method = static_cast<uint32_t>(options_.method),
                                                  .has_momentum = options_.momentum > 0 ? 1u : 0u}),
      .grid = ops::vec4_grid(range.count, kernels::update, graph.limits()),
  });
}

}  // namespace pumice::optim
