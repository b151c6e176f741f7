#include "engine/nn/layers/batch_norm.h"

#include "engine/base/require.h"

namespace pumice::nn {
namespace {

uint64_t count_per_channel(const Tensor& x) { return x.size() / x.shape()[-1]; }

class Normalisation {
 public:
  Normalisation(const LayerContext& context, const BatchNorm& norm)
      : parameters_(&context.parameters),
        name_(context.name),
        activation_(activation_options(norm.activation, norm.slope)),
        epsilon_(static_cast<float>(norm.epsilon)),
        momentum_(static_cast<float>(norm.momentum)) {
    const auto channels = static_cast<uint32_t>(context.input[-1]);
    scale_ = parameters_->add(scale_parameter(name_ + ".scale", channels, context.initialization));
    shift_ = parameters_->add({.name = name_ + ".shift", .shape = {channels}});
    mean_ = parameters_->add(
        {.name = name_ + ".running_mean", .shape = {channels}, .trainable = false});
    variance_ = parameters_->add({.name = name_ + ".running_variance",
                                  .shape = {channels},
                                  .initial_value = 1,
                                  .trainable = false});
  }

  Tensor operator()(const Tensor& x, const ForwardContext& pass) const {
    Graph& graph = x.graph();
    Tensor scale = parameters_->tensor(graph, scale_);
    Tensor shift = parameters_->tensor(graph, shift_);
    if (!pass.is_training()) {
      return ops::batch_norm_inference(x, scale, shift, parameters_->tensor(graph, mean_),
                                       parameters_->tensor(graph, variance_), epsilon_,
                                       activation_.function, activation_.slope);
    }
    if (pass.mean_over_ranks) return of_all_ranks(x, scale, shift, pass);
    require_several_values(x);
    ops::BatchNorm result =
        ops::batch_norm(x, scale, shift, epsilon_, activation_.function, activation_.slope);
    const auto count = static_cast<float>(count_per_channel(x));
    follow(mean_, result.mean, 1, pass);
    follow(variance_, result.variance, count / (count - 1), pass);
    return result.y;
  }

 private:
  Tensor of_all_ranks(const Tensor& x, const Tensor& scale, const Tensor& shift,
                      const ForwardContext& pass) const {
    std::vector<int> axes;
    for (uint32_t axis = 0; axis + 1 < x.shape().rank(); ++axis) axes.push_back(int(axis));
    const Tensor mean = pass.mean_over_ranks(ops::mean(x, axes, true));
    const Tensor centred = ops::subtract(x, mean);
    const Tensor variance = pass.mean_over_ranks(ops::mean(ops::square(centred), axes, true));
    const BatchRows& rows = x.graph().batch_rows();
    const float count = static_cast<float>(count_per_channel(x)) / rows.count * rows.whole;
    follow(mean_, ops::reshape(mean, scale.shape()), 1, pass);
    follow(variance_, ops::reshape(variance, scale.shape()), count / (count - 1), pass);
    const Tensor deviation = ops::sqrt(ops::affine(variance, 1, epsilon_));
    const Tensor y = ops::add(ops::multiply(ops::divide(centred, deviation), scale), shift);
    return ops::activate(y, activation_.function, activation_.slope);
  }

  /// Moves a running moment towards that of the batch times `scale`.
  void follow(uint32_t handle, const Tensor& moment, float scale,
              const ForwardContext& pass) const {
    Tensor running = pass.statistic(parameters_->tensor(moment.graph(), handle));
    Tensor next =
        ops::add(ops::affine(running, 1 - momentum_, 0), ops::affine(moment, scale * momentum_, 0));
    ops::store(next, running);
  }

  void require_several_values(const Tensor& x) const {
    require(
        count_per_channel(x) > 1,
        "{} (batch_norm): expects at least 2 values per channel in a training step, got 1: a batch "
        "of 1 and {} channels; use a larger batch or layer_norm",
        name_, x.shape()[-1]);
  }

  Parameters* parameters_;
  std::string name_;
  ActivationOptions activation_;
  float epsilon_;
  float momentum_;
  uint32_t scale_;
  uint32_t shift_;
  uint32_t mean_;
  uint32_t variance_;
};

}  // namespace

void BatchNorm::describe(LayerFields& fields) {
  describe_activation(fields, activation, slope);
  fields.number("epsilon", epsilon, kPositive);
  fields.number("momentum", momentum, kPositiveFraction);
}

BuiltLayer BatchNorm::build(const LayerContext& context) const {
  return {Normalisation(context, *this), context.input};
}

}  // namespace pumice::nn
