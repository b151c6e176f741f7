#include "kernels/unary.h"
#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/constant.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"
#include "engine/ops/parts.h"
#include "kernels/unary_gradient.h"

namespace pumice::ops {
namespace {

struct Function {
  kernels::Unary operation;
  float a = 0;
  float b = 0;
};

Tensor gradient_from_output(const Function& f, const Tensor& dy, const Tensor& y);

/// df'/dy, with f' as a function of y; absent if f' is piecewise constant.
Tensor second_factor(const Function& f, const Tensor& y) {
  switch (f.operation) {
    case kernels::Unary::kExp:
      return constant(y.graph(), y.shape(), 1);
    case kernels::Unary::kSqrt:
      return divide(constant(y.graph(), y.shape(), -0.5f), square(y));
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
    case kernels::Unary::kAffine:
      return scaled(dy, f.a);
    case kernels::Unary::kLog:
      return divide(dy, x);
    case kernels::Unary::kAbsolute:
      return multiply(dy, subtract(greater(x, constant(x.graph(), {}, 0)),
                                   greater(constant(x.graph(), {}, 0), x)));
    default:
      return gradient_from_output(f, dy, y);
  }
}

Tensor unary(const Function& f, const Tensor& x) {
  require_f32(kernels::name_of(f.operation), x);
  if (!fits(x)) return by_runs({x}, [&](const RowPart& run) { return unary(f, run.xs[0]); });
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
  return unary({kernels::Unary::kAffine, scale, offset}, x);
}
Tensor negate(const Tensor& x) { return affine(x, -1, 0); }
Tensor exp(const Tensor& x) { return unary({kernels::Unary::kExp}, x); }
Tensor log(const Tensor& x) { return unary({kernels::Unary::kLog}, x); }
Tensor sqrt(const Tensor& x) { return unary({kernels::Unary::kSqrt}, x); }
Tensor square(const Tensor& x) { return multiply(x, x); }
Tensor absolute(const Tensor& x) { return unary({kernels::Unary::kAbsolute}, x); }
Tensor clamp(const Tensor& x, float low, float high) {
  require(low <= high, "clamp: expects low <= high, got {} and {}", low, high);
  return unary({kernels::Unary::kClamp, low, high}, x);
}

}  // namespace pumice::ops
