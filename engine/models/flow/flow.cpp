#include "engine/models/flow/flow.h"

#include "engine/base/require.h"

namespace pumice::models {
namespace {

Shape input_of(const FlowDescription& flow) {
  require(flow.time_size > 0 && flow.time_size % 2 == 0,
          "flow: expects an even time size of at least 2, got {}", flow.time_size);
  return {static_cast<uint32_t>(flow.image.size()) + flow.time_size + flow.classes};
}

}  // namespace

Flow::Flow(nn::Parameters& parameters, const FlowDescription& description,
           nn::Initialization initialization)
    : description_(description),
      network_(parameters, "velocity", input_of(description), description.velocity,
               initialization) {
  network_.require_output(description.image.size(), "the image's values");
}

Tensor Flow::velocity(const Tensor& x, const Tensor& t, const Tensor& condition,
                      const nn::ForwardContext& pass) const {
  require(static_cast<bool>(condition) == (description_.classes > 0), "flow: expects {} condition",
          description_.classes > 0 ? "a" : "no");
  Tensors parts{x, ops::sinusoids(t, description_.time_size)};
  if (condition) parts.push_back(condition);
  const Tensor v = network_(ops::concat(parts, -1), pass);
  return ops::reshape(v, x.shape());
}

Tensor Flow::loss(const Tensor& images, const Tensor& noise, const Tensor& t,
                  const Tensor& condition, const nn::ForwardContext& pass) const {
  const Tensor x1 = ops::affine(images, 2, -1);
  const Tensor way = ops::subtract(x1, noise);
  const Tensor times = ops::reshape(t, {t.shape()[0], 1});
  const Tensor x = ops::add(noise, ops::multiply(times, way));
  const Tensor error = ops::squared_error(velocity(x, t, condition, pass), way);
  return ops::affine(error, 1 / static_cast<float>(description_.image.size()), 0);
}

Tensor Flow::guided(const Tensor& x, const Tensor& t, const SampleStep& step) const {
  const uint32_t batch = x.shape()[0];
  const Tensor times = ops::broadcast_to(t, {batch});
  if (description_.classes == 0) return velocity(x, times, {});
  const Tensor with = velocity(x, times, ops::one_hot(step.labels, description_.classes));
  if (!step.guidance) return with;
  const Tensor nothing = ops::constant(x.graph(), {batch, description_.classes}, 0);
  const Tensor without = velocity(x, times, nothing);
  return ops::add(without, ops::multiply(ops::subtract(with, without), step.guidance));
}

Tensor Flow::advance(const Tensor& x, const SampleStep& step) const {
  Tensor v = guided(x, step.t, step);
  if (step.sampler == Sampler::kMidpoint) {
    const Tensor half = ops::affine(step.dt, 0.5f, 0);
    v = guided(ops::add(x, ops::multiply(v, half)), ops::add(step.t, half), step);
  }
  return ops::add(x, ops::multiply(v, step.dt));
}

Tensor Flow::to_images(const Tensor& x) { return ops::clamp(ops::affine(x, 0.5f, 0.5f), 0, 1); }

}  // namespace pumice::models
