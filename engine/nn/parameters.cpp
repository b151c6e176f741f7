#include "engine/nn/parameters.h"

#include <algorithm>

#include "engine/base/divide_up.h"
#include "engine/base/philox.h"
#include "engine/base/require.h"

namespace pumice::nn {
namespace {

/// Noise of the first step uses the same counters; a different key separates it from the weights.
constexpr uint64_t kWeightSeed = 0x7765696768747300;

float draw(PhiloxStream& random, const Parameter& parameter) {
  double noise = 0;
  if (parameter.initial_bound != 0) noise = (2 * random.uniform() - 1) * parameter.initial_bound;
  if (parameter.initial_deviation != 0) noise = random.normal() * parameter.initial_deviation;
  return static_cast<float>(parameter.initial_value + noise);
}

}  // namespace

uint32_t Parameters::add(Parameter parameter) {
  require(!buffer_, "parameters: '{}' was added after the memory was allocated", parameter.name);
  bool is_new = std::none_of(list_.begin(), list_.end(),
                             [&](const Parameter& known) { return known.name == parameter.name; });
  require(is_new, "parameters: the name '{}' is taken", parameter.name);
  require(parameter.shape.size() <= kMaxNumbers, "parameters: '{}' {}: expects at most {} numbers",
          parameter.name, parameter.shape, kMaxNumbers);
  list_.push_back(std::move(parameter));
  flat_bytes_ = 0;
  place(true);
  trainable_bytes_ = flat_bytes_;
  place(false);
  return static_cast<uint32_t>(list_.size() - 1);
}

void Parameters::place(bool trainable) {
  for (Parameter& parameter : list_) {
    if (parameter.trainable != trainable) continue;
    parameter.byte_offset = flat_bytes_;
    uint64_t bytes = padded_bytes(parameter.shape, DType::kF32);
    flat_bytes_ += round_up(bytes, hal::kBindingAlignment);
  }
}

void Parameters::allocate(hal::Device& device, std::string_view label) {
  require(!list_.empty(), "parameters: '{}' has no parameters", label);
  buffer_ = device.allocate(flat_bytes_, label);
}

void Parameters::initialize(hal::Device& device, uint64_t seed) const {
  std::vector<float> flat(flat_bytes_ / sizeof(float), 0.0f);
  for (uint32_t i = 0; i < list_.size(); ++i) {
    PhiloxStream random(seed ^ kWeightSeed, i);
    float* values = flat.data() + list_[i].byte_offset / sizeof(float);
    std::generate_n(values, list_[i].shape.size(), [&] { return draw(random, list_[i]); });
  }
  device.write(*buffer_, std::as_bytes(std::span(flat)));
}

uint64_t Parameters::count() const {
  uint64_t total = 0;
  for (const Parameter& parameter : list_)
    total += parameter.trainable ? parameter.shape.size() : 0;
  return total;
}

Tensor Parameters::tensor(Graph& graph, uint32_t handle) const {
  const Parameter& parameter = list_.at(handle);
  return graph.external(buffer_, parameter.shape, DType::kF32, parameter.byte_offset);
}

Tensors Parameters::trainable(Graph& graph) const { return trainable_in(graph, buffer_); }

Tensors Parameters::trainable_in(Graph& graph, const hal::BufferPtr& flat) const {
  Tensors all;
  for (const Parameter& parameter : list_) {
    if (!parameter.trainable) continue;
    all.push_back(graph.external(flat, parameter.shape, DType::kF32, parameter.byte_offset));
  }
  return all;
}

}  // namespace pumice::nn
