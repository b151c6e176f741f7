#pragma once

#include <functional>

#include "engine/graph/tensor.h"

namespace pumice {

#ifdef PUMICE_INFERENCE_ONLY
/// Discards the function it is given, so that a program that never computes gradients, such as the
/// page, is linked without the rules and the kernels that they launch.
template <typename Signature>
class GradientRule {
 public:
  GradientRule(std::nullptr_t) {}
  template <typename Function>
  GradientRule(const Function&) {}

  explicit operator bool() const { return false; }
  template <typename... Arguments>
  auto operator()(const Arguments&...) const {
    return typename std::function<Signature>::result_type{};
  }
};
#else
template <typename Signature>
using GradientRule = std::function<Signature>;
#endif

/// Maps the gradients of a node's outputs to those of its `differentiable` inputs. Either may be
/// absent.
using Gradient = GradientRule<Tensors(const Tensors& output_gradients)>;

}  // namespace pumice
