#include "kernels/unary.h"
#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/activation.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"
#include "engine/ops/parts.h"
#include "kernels/unary_gradient.h"

namespace pumice::ops {
namespace {

/// As in shaders/include/unary.glsl.
enum class Operation : uint32_t {
  kAffine,
  kExp,
  kLog,
  kSqrt,
  kRelu,
  kLeakyRelu,
  kTanh,
  kSigmoid,
  kSoftplus,
  kAbsolute,
  kClamp
};

struct Function {
  std::string_view name;
  Operation operation;
  float a = 0;
  float b = 0;
};

Tensor gradient_from_output(const Function& f, const Tensor& dy, const Tensor& y);

/// d f'/dy for f' as a function of y; absent where f' is piecewise constant.
Tensor second_factor(const Function& f, const Tensor& y) {
  switch (f.operation) {
    case Operation::kExp:
      return constant(y.graph(), y.shape(), 1);
    case Operation::kSqrt:
      return divide(constant(y.graph(), y.shape(), -0.5f), square(y));
    case Operation::kTanh:
      return affine(y, -2, 0);
    case Operation::kSigmoid:
      return affine(y, -2, 1);
    case Operation::kSoftplus:
      return exp(negate(y));
    default:
      return {};
  }
}

Tensor gradient_from_output(const Function& f, const Tensor& dy, const Tensor& y) {
  Graph& graph = y.graph();
  Tensor dx = graph.tensor(y.shape(), DType::kF32);
  graph.add({
      .kernel = &kernels::unary_gradient,
      .inputs = {dy, y},
      .outputs = {dx},
      .params = pack(kernels::UnaryGradientParams{.count = count(y), .a = f.a, .b = f.b}),
      .constants = pack_constants(
          kernels::UnaryGradientConstants{.operation = static_cast<uint32_t>(f.operation)}),
      .grid = vec4_grid(y.size(), kernels::unary_gradient, graph.limits()),
      .gradient = [f, dy, y](const Tensors& upstream) -> Tensors {
        Tensor second = second_factor(f, y);
        Tensor for_y = second ? multiply(multiply(upstream[0], dy), second) : Tensor{};
        return {gradient_from_output(f, upstream[0], y), for_y};
      },
  });
  return dx;
}

Tensor gradient_of(const Function& f, const Tensor& dy, const Tensor& x, const Tensor& y) {
  switch (f.operation) {
    case Operation::kAffine:
      return affine(dy, f.a, 0);
    case Operation::kLog:
      return divide(dy, x);
    case Operation::kAbsolute:
      return multiply(dy, subtract(greater(x, constant(x.graph(), {}, 0)),
                                   greater(constant(x.graph(), {}, 0), x)));
    default:
      return gradient_from_output(f, dy, y);
  }
}

Tensor unary(const Function& f, const Tensor& x) {
  require_f32(f.name, x);
  if (!fits(x)) return by_runs({x}, [&](const Tensors& runs) { return unary(f, runs[0]); });
  Graph& graph = x.graph();
  Tensor y = graph.tensor(x.shape(), DType::kF32);
  graph.add({
      .kernel = &kernels::unary,
      .inputs = {x},
      .outputs = {y},
      .params = pack(kernels::UnaryParams{.count = count(x), .a = f.a, .b = f.b}),
      .constants =
          pack_constants(kernels::UnaryConstants{.operation = static_cast<uint32_t>(f.operation)}),
      .grid = vec4_grid(x.size(), kernels::unary, graph.limits()),
      .gradient = [f, x, y](const Tensors& dy) -> Tensors { return {gradient_of(f, dy[0], x, y)}; },
  });
  return y;
}

}  // namespace

Tensor affine(const Tensor& x, float scale, float offset) {
  return unary({"affine", Operation::kAffine, scale, offset}, x);
}
Tensor negate(const Tensor& x) { return affine(x, -1, 0); }
Tensor exp(const Tensor& x) { return unary({"exp", Operation::kExp}, x); }
Tensor log(const Tensor& x) { return unary({"log", Operation::kLog}, x); }
Tensor sqrt(const Tensor& x) { return unary({"sqrt", Operation::kSqrt}, x); }
Tensor square(const Tensor& x) { return multiply(x, x); }
Tensor relu(const Tensor& x) { return unary({"relu", Operation::kRelu}, x); }
Tensor leaky_relu(const Tensor& x, float slope) {
  require(slope >= 0, "leaky_relu: expects a slope of at least 0, got {}", slope);
  if (slope == 0) return relu(x);  // the sign of y would not tell the sign of x
  return unary({"leaky_relu", Operation::kLeakyRelu, slope}, x);
}
Tensor tanh(const Tensor& x) { return unary({"tanh", Operation::kTanh}, x); }
Tensor sigmoid(const Tensor& x) { return unary({"sigmoid", Operation::kSigmoid}, x); }
Tensor softplus(const Tensor& x) { return unary({"softplus", Operation::kSoftplus}, x); }
Tensor absolute(const Tensor& x) { return unary({"absolute", Operation::kAbsolute}, x); }
Tensor clamp(const Tensor& x, float low, float high) {
  require(low <= high, "clamp: expects low <= high, got {} and {}", low, high);
  return unary({"clamp", Operation::kClamp, low, high}, x);
}

Tensor activate(const Tensor& x, Activation activation, float slope) {
  switch (activation) {
    case Activation::kNone:
      return x;
    case Activation::kRelu:
      return relu(x);
    case Activation::kLeakyRelu:
      return leaky_relu(x, slope);
    case Activation::kTanh:
      return tanh(x);
    case Activation::kSigmoid:
      return sigmoid(x);
    case Activation::kSoftplus:
      return softplus(x);
  }
  return x;
}

Tensor activate_biased(const Tensor& x, const Tensor& bias, Activation activation, float slope) {
  return activate(bias ? add(x, bias) : x, activation, slope);
}

Tensor activation_gradient(const Tensor& dy, const Tensor& y, Activation activation, float slope) {
  switch (activation) {
    case Activation::kNone:
      return dy;
    case Activation::kRelu:
      return gradient_from_output({"relu", Operation::kRelu}, dy, y);
    case Activation::kLeakyRelu:
      if (slope == 0) return activation_gradient(dy, y, Activation::kRelu, 0);
      return gradient_from_output({"leaky_relu", Operation::kLeakyRelu, slope}, dy, y);
    case Activation::kTanh:
      return gradient_from_output({"tanh", Operation::kTanh}, dy, y);
    case Activation::kSigmoid:
      return gradient_from_output({"sigmoid", Operation::kSigmoid}, dy, y);
    case Activation::kSoftplus:
      return gradient_from_output({"softplus", Operation::kSoftplus}, dy, y);
  }
  return dy;
}

}  // namespace pumice::ops
