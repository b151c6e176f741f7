#pragma once

#include <functional>

#include "engine/graph/tensor.h"

namespace pumice {

#ifdef PUMICE_INFERENCE_ONLY
/// Forgets what it is made of: a program that never asks for gradients, such as the page, is then
/// linked without the rules and the kernels that they launch.
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

/// Maps the gradients of a node's outputs (absent where none arrived) to those of its
/// `differentiable` inputs (absent where there is none).
using Gradient = GradientRule<Tensors(const Tensors& output_gradients)>;

}  // namespace pumice
