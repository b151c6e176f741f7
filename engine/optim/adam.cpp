#include "engine/optim/adam.h"

#include <algorithm>
#include <array>
#include <cmath>

#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"
#include "kernels/adam.h"
#include "kernels/adam_rates.h"

namespace pumice::optim {
namespace {

/// Of β as the kernel has it, in f32: 1 - 0.999 rounded differs by 1e-5 of itself, and the bias
/// correction must cancel it.
float log_of_rounded(double beta) {
  return static_cast<float>(std::log(static_cast<double>(static_cast<float>(beta))));
}

Tensor adam_rates(const Tensor& clock, const Tensor& learning_rate, const AdamOptions& options) {
  Graph& graph = clock.graph();
  Tensor rates = graph.tensor({4}, DType::kF32);
  graph.add({
      .kernel = &kernels::adam_rates,
      .inputs = {clock, learning_rate},
      .outputs = {rates},
      .params = pack(kernels::AdamRatesParams{.log_beta1 = log_of_rounded(options.beta1),
                                              .log_beta2 = log_of_rounded(options.beta2)}),
  });
  return rates;
}

}  // namespace

Adam::Adam(hal::Device& device, const nn::Parameters& parameters, const AdamOptions& options)
    : device_(device), parameters_(parameters), options_(options) {
  uint64_t bytes = parameters.trainable_bytes();
  gradients_ = device.allocate(bytes, "adam.gradients");
  first_moments_ = device.allocate(bytes, "adam.first_moments");
  second_moments_ = device.allocate(bytes, "adam.second_moments");
  learning_rate_ = device.allocate(sizeof(float), "adam.learning_rate");
  set_learning_rate(options.learning_rate);
}

void Adam::set_learning_rate(double learning_rate) {
  const std::array<float, 4> value{static_cast<float>(learning_rate)};
  device_.write(*learning_rate_, std::as_bytes(std::span(value)));
}

void Adam::step(const Tensor& loss, const Tensor& clock) const {
  Graph& graph = loss.graph();
  const Tensors gradients = ops::gradients(loss, parameters_.trainable(graph));
  const Tensors targets = parameters_.trainable_in(graph, gradients_);
  for (size_t i = 0; i < gradients.size(); ++i) ops::store(gradients[i], targets[i]);
  Scope scope(graph, "adam");
  Tensor learning_rate = graph.external(learning_rate_, {1}, DType::kF32);
  Tensor rates = adam_rates(clock, learning_rate, options_);
  // Ranges: a binding has a largest size, and lavapipe's 128 MB are less than some networks take.
  uint64_t range = graph.limits().max_binding_bytes / 256 * 256;
  for (uint64_t begin = 0; begin < parameters_.trainable_bytes(); begin += range) {
    uint64_t bytes = std::min(range, parameters_.trainable_bytes() - begin);
    update(graph, rates, begin, static_cast<uint32_t>(bytes / sizeof(float)));
  }
}

void Adam::update(Graph& graph, const Tensor& rates, uint64_t byte_offset, uint32_t count) const {
  auto range = [&](const hal::BufferPtr& flat) {
    return graph.external(flat, {count}, DType::kF32, byte_offset);
  };
  graph.add({
      .kernel = &kernels::adam,
      .inputs = {range(gradients_), rates, graph.external(learning_rate_, {1}, DType::kF32)},
      .updates = {range(parameters_.buffer()), range(first_moments_), range(second_moments_)},
      .params =
          pack(kernels::AdamParams{.count = count,
                                   .beta1 = static_cast<float>(options_.beta1),
                                   .beta2 = static_cast<float>(options_.beta2),
                                   .epsilon = static_cast<float>(options_.epsilon),
                                   .weight_decay = static_cast<float>(options_.weight_decay)}),
      .grid = ops::vec4_grid(count, kernels::adam, graph.limits()),
  });
}

}  // namespace pumice::optim
