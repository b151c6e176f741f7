#include "engine/nn/layers/batch_norm.h"

#include "engine/base/require.h"

namespace pumice::nn {
namespace {

uint64_t count_per_channel(const Tensor& x) { return x.size() / x.shape()[-1]; }

}  // namespace

BatchNorm::BatchNorm(Parameters& parameters, const std::string& name, uint32_t channels,
                     const NormalisationOptions& options)
    : parameters_(&parameters), name_(name), options_(options) {
  const Shape shape{channels};
  scale_ = parameters.add(scale_parameter(name + ".scale", channels, options.initialization));
  shift_ = parameters.add({.name = name + ".shift", .shape = shape});
  mean_ = parameters.add({.name = name + ".running_mean", .shape = shape, .trainable = false});
  variance_ = parameters.add(
      {.name = name + ".running_variance", .shape = shape, .initial_value = 1, .trainable = false});
}

void BatchNorm::follow(uint32_t handle, const Tensor& moment, float scale) const {
  Tensor running = parameters_->tensor(moment.graph(), handle);
  Tensor next = ops::add(ops::affine(running, 1 - options_.momentum, 0),
                         ops::affine(moment, scale * options_.momentum, 0));
  ops::store(next, running);
}

void BatchNorm::require_several_values(const Tensor& x) const {
  require(
      count_per_channel(x) > 1,
      "{} (batch_norm): expects at least 2 values per channel in a training step, got 1: a batch "
      "of 1 and {} channels; take a larger batch, or layer_norm",
      name_, x.shape()[-1]);
}

Tensor BatchNorm::operator()(const Tensor& x, const Pass& pass) const {
  Graph& graph = x.graph();
  Tensor scale = parameters_->tensor(graph, scale_);
  Tensor shift = parameters_->tensor(graph, shift_);
  if (!pass.training) {
    return ops::batch_norm_inference(x, scale, shift, parameters_->tensor(graph, mean_),
                                     parameters_->tensor(graph, variance_), options_.epsilon,
                                     options_.activation, options_.slope);
  }
  require_several_values(x);
  ops::BatchNorm result =
      ops::batch_norm(x, scale, shift, options_.epsilon, options_.activation, options_.slope);
  const auto count = static_cast<float>(count_per_channel(x));
  follow(mean_, result.mean, 1);
  follow(variance_, result.variance, count / (count - 1));
  return result.y;
}

LayerNorm::LayerNorm(Parameters& parameters, const std::string& name, uint32_t channels,
                     const NormalisationOptions& options)
    : parameters_(&parameters), options_(options) {
  require(channels > 1, "{} (layer_norm): expects at least 2 values to normalise, got {}", name,
          channels);
  scale_ = parameters.add(scale_parameter(name + ".scale", channels, options.initialization));
  shift_ = parameters.add({.name = name + ".shift", .shape = {channels}});
}

Tensor LayerNorm::operator()(const Tensor& x) const {
  Graph& graph = x.graph();
  Tensor y = ops::layer_norm(x, parameters_->tensor(graph, scale_),
                             parameters_->tensor(graph, shift_), options_.epsilon);
  return ops::activate(y, options_.activation, options_.slope);
}

}  // namespace pumice::nn
