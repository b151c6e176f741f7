#include "engine/ops/activation.h"

#include <iterator>

#include "engine/base/find_name.h"
#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/ops/parts.h"
#include "kernels/activate.h"
#include "kernels/activate_gradient.h"

namespace pumice::ops {
namespace {

/// The argument of activation_derivative() in activation.glsl.
enum class From : uint8_t { kOutput, kInput };

/// What gradients need to know about an activation besides its kernels.
struct Derivative {
  Activation activation;
  From from = From::kOutput;
  /// The derivative of activation_derivative(v); absent if that is piecewise constant.
  Tensor (*second)(const Tensor& v) = nullptr;
};

Tensor second_of_silu(const Tensor& x) {
  const Tensor s = sigmoid(x);
  return multiply(multiply(s, affine(s, -1, 1)), affine(multiply(x, affine(s, -2, 1)), 1, 2));
}

/// φ(x)·(2 - x²), φ the density of a standard normal.
Tensor second_of_gelu(const Tensor& x) {
  constexpr float kLogOfDensityAtZero = -0.918938533f;
  const Tensor squares = square(x);
  return multiply(exp(affine(squares, -0.5f, kLogOfDensityAtZero)), affine(squares, -1, 2));
}

constexpr Derivative kDerivatives[] = {
    {Activation::kNone},
    {Activation::kRelu},
    {Activation::kLeakyRelu},
    {Activation::kTanh, From::kOutput, [](const Tensor& y) { return affine(y, -2, 0); }},
    {Activation::kSigmoid, From::kOutput, [](const Tensor& y) { return affine(y, -2, 1); }},
    {Activation::kSoftplus, From::kOutput, [](const Tensor& y) { return exp(negate(y)); }},
    {Activation::kSilu, From::kInput, second_of_silu},
    {Activation::kGelu, From::kInput, second_of_gelu},
};

constexpr bool has_a_row_for_each() {
  if (std::size(kDerivatives) != kernels::kNames<Activation>.size()) return false;
  for (size_t i = 0; i < std::size(kDerivatives); ++i) {
    if (static_cast<size_t>(kDerivatives[i].activation) != i) return false;
  }
  return true;
}
static_assert(has_a_row_for_each(),
              "kDerivatives: expected one row per value of the enum Activation");

const Derivative& derivative_of(Activation activation) {
  return kDerivatives[static_cast<size_t>(activation)];
}

/// A node without its gradient: dx = dy · activation_derivative(v).
Node gradient_node(const Tensor& dy, const Tensor& v, const Tensor& dx, Activation activation,
                   float slope) {
  return {
      .kernel = &kernels::activate_gradient,
      .inputs = {dy, v},
      .outputs = {dx},
      .params = pack(kernels::ActivateGradientParams{.count = count(v), .slope = slope}),
      .constants = pack_constants(
          kernels::ActivateGradientConstants{.activation = static_cast<uint32_t>(activation)}),
      .grid = vec4_grid(v.size(), kernels::activate_gradient, v.graph().limits()),
  };
}

/// dy · activation_derivative(v).
Tensor gradient_at(const Tensor& dy, const Tensor& v, Activation activation, float slope) {
  Graph& graph = v.graph();
  Tensor dx = graph.tensor(v.shape(), DType::kF32);
  Node node = gradient_node(dy, v, dx, activation, slope);
  node.gradient = [=](const Tensors& upstream) -> Tensors {
    const auto second = derivative_of(activation).second;
    Tensor for_v = second ? multiply(multiply(upstream[0], dy), second(v)) : Tensor{};
    return {gradient_at(upstream[0], v, activation, slope), for_v};
  };
  node.differentiable = {dy, v};
  graph.add(std::move(node));
  return dx;
}

/// Leaky ReLU with slope 0 becomes ReLU: the sign of its input cannot be recovered from its output.
Activation resolved(Activation activation, float slope) {
  if (activation != Activation::kLeakyRelu) return activation;
  require(slope >= 0, "leaky_relu: expects a slope of at least 0, got {}", slope);
  return slope == 0 ? Activation::kRelu : activation;
}

}  // namespace

Activation activation_by_name(std::string_view name) {
  return static_cast<Activation>(find_name("activation", kernels::kNames<Activation>, name));
}

bool needs_own_node([[maybe_unused]] Activation activation) {
#ifdef PUMICE_INFERENCE_ONLY
  return false;
#else
  return derivative_of(activation).from == From::kInput;
#endif
}

Tensor activate(const Tensor& x, Activation wanted, float slope) {
  const Activation activation = resolved(wanted, slope);
  if (activation == Activation::kNone) return x;
  require_f32(kernels::name_of(activation), x);
  if (!fits(x)) {
    return by_runs({x}, [&](const RowPart& run) { return activate(run.xs[0], activation, slope); });
  }
  Graph& graph = x.graph();
  Tensor y = graph.tensor(x.shape(), DType::kF32);
  graph.add({
      .kernel = &kernels::activate,
      .inputs = {x},
      .outputs = {y},
      .params = pack(kernels::ActivateParams{.count = count(x), .slope = slope}),
      .constants = pack_constants(
          kernels::ActivateConstants{.activation = static_cast<uint32_t>(activation)}),
      .grid = vec4_grid(x.size(), kernels::activate, graph.limits()),
      .gradient = [=](const Tensors& dy) -> Tensors {
        const bool from_input = derivative_of(activation).from == From::kInput;
        return {gradient_at(dy[0], from_input ? x : y, activation, slope)};
      },
  });
  return y;
}

Tensor relu(const Tensor& x) { return activate(x, Activation::kRelu); }
Tensor leaky_relu(const Tensor& x, float slope) {
  return activate(x, Activation::kLeakyRelu, slope);
}
Tensor tanh(const Tensor& x) { return activate(x, Activation::kTanh); }
Tensor sigmoid(const Tensor& x) { return activate(x, Activation::kSigmoid); }
Tensor softplus(const Tensor& x) { return activate(x, Activation::kSoftplus); }
Tensor silu(const Tensor& x) { return activate(x, Activation::kSilu); }
Tensor gelu(const Tensor& x) { return activate(x, Activation::kGelu); }

Tensor activate_biased(const Tensor& x, const Tensor& bias, Activation activation, float slope) {
  return activate(bias ? add(x, bias) : x, activation, slope);
}

Tensor activation_gradient(const Tensor& dy, const Tensor& y, Activation activation, float slope) {
  if (activation == Activation::kNone) return dy;
  return gradient_at(dy, y, resolved(activation, slope), slope);
}

}  // namespace pumice::ops
