#include "engine/nn/parameters.h"

#include <algorithm>

#include "engine/base/philox.h"
#include "engine/base/require.h"

namespace pumice::nn {
namespace {

constexpr uint64_t kAlignment = 256;  // of WebGPU's binding offsets

void fill(std::span<float> values, const Parameter& parameter, uint64_t seed, uint32_t stream) {
  PhiloxStream random(seed, stream);
  for (float& value : values) {
    double centered = 2 * random.uniform() - 1;
    value = parameter.initial_bound == 0 ? parameter.initial_value
                                         : static_cast<float>(centered * parameter.initial_bound);
  }
}

}  // namespace

uint32_t Parameters::add(Parameter parameter) {
  require(!buffer_, "parameters: '{}' comes after the memory was allocated", parameter.name);
  bool is_new = std::none_of(list_.begin(), list_.end(),
                             [&](const Parameter& known) { return known.name == parameter.name; });
  require(is_new, "parameters: the name '{}' is taken", parameter.name);
  parameter.byte_offset = flat_bytes_;
  uint64_t bytes = padded_bytes(parameter.shape, DType::kF32);
  flat_bytes_ += (bytes + kAlignment - 1) / kAlignment * kAlignment;
  list_.push_back(std::move(parameter));
  return static_cast<uint32_t>(list_.size() - 1);
}

void Parameters::allocate(hal::Device& device, std::string_view label) {
  require(!list_.empty(), "parameters: '{}' has none", label);
  buffer_ = device.allocate(flat_bytes_, label);
}

void Parameters::initialize(hal::Device& device, uint64_t seed) const {
  std::vector<float> flat(flat_bytes_ / sizeof(float), 0.0f);
  for (uint32_t i = 0; i < list_.size(); ++i) {
    std::span<float> values(flat.data() + list_[i].byte_offset / sizeof(float),
                            list_[i].shape.size());
    fill(values, list_[i], seed, i);
  }
  device.write(*buffer_, std::as_bytes(std::span(flat)));
}

uint64_t Parameters::count() const {
  uint64_t total = 0;
  for (const Parameter& parameter : list_) total += parameter.shape.size();
  return total;
}

Tensor Parameters::tensor(Graph& graph, uint32_t handle) const {
  return tensor_in(graph, handle, buffer_);
}

Tensor Parameters::tensor_in(Graph& graph, uint32_t handle, const hal::BufferPtr& flat) const {
  const Parameter& parameter = list_.at(handle);
  return graph.external(flat, parameter.shape, DType::kF32, parameter.byte_offset);
}

Tensors Parameters::tensors(Graph& graph) const {
  Tensors all;
  for (uint32_t i = 0; i < list_.size(); ++i) all.push_back(tensor(graph, i));
  return all;
}

}  // namespace pumice::nn
