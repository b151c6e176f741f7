#include <algorithm>

#include "engine/base/divide_up.h"
#include "engine/base/require.h"
#include "engine/ops/activation.h"
#include "engine/ops/gemm.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"
#include "engine/ops/parts.h"
#include "engine/ops/sum_terms.h"

namespace pumice::ops {
namespace {

/// With fewer products, the copies take longer than the multiplication by the scalar core.
constexpr uint64_t kProductsWorthPadding = 1 << 16;

GemmShape gemm_shape(const Tensor& a, const Tensor& b, const MatmulOptions& options) {
  require_f32("matmul", a);
  require_f32("matmul", b);
  require(a.shape().rank() == 2 && b.shape().rank() == 2,
          "matmul: expects two matrices, got {} and {}", a.shape(), b.shape());
  const GemmShape shape{.m = a.shape()[options.transpose_a ? 1 : 0],
                        .n = b.shape()[options.transpose_b ? 0 : 1],
                        .k = a.shape()[options.transpose_a ? 0 : 1],
                        .transpose_a = options.transpose_a,
                        .transpose_b = options.transpose_b};
  require(b.shape()[options.transpose_b ? 1 : 0] == shape.k,
          "matmul: the inner extents of {}{} and {}{} differ", a.shape(),
          options.transpose_a ? " transposed" : "", b.shape(),
          options.transpose_b ? " transposed" : "");
  require(!options.bias || options.bias.shape() == Shape({shape.n}),
          "matmul: expects a bias of [{}], got {}", shape.n,
          options.bias ? options.bias.shape() : Shape());
  return shape;
}

/// With P = op(A)·op(B):  dA = dP·op(B)ᵀ and dB = op(A)ᵀ·dP, each transposed if A or B is stored
/// transposed.
Tensors matmul_gradient(const Tensor& dy, const Tensor& a, const Tensor& b, const Tensor& y,
                        const MatmulOptions& options) {
  Tensor dp = activation_gradient(dy, y, options.activation, options.slope);
  bool ta = options.transpose_a;
  bool tb = options.transpose_b;
  Tensor da = ta ? matmul(b, dp, {.transpose_a = tb, .transpose_b = true})
                 : matmul(dp, b, {.transpose_a = false, .transpose_b = !tb});
  Tensor db = tb ? matmul(dp, a, {.transpose_a = true, .transpose_b = ta})
                 : matmul(a, dp, {.transpose_a = !ta, .transpose_b = false});
  Tensors gradients = {da, db};
  if (options.bias) gradients.push_back(sum(dp, {0}));
  return gradients;
}

/// The shape with extents that all cores accept.
GemmShape padded(GemmShape shape) {
  if (shape.transpose_a) shape.m = round_up(shape.m, 4u);
  shape.n = round_up(shape.n, 4u);
  shape.k = round_up(shape.k, 4u);
  return shape;
}

/// Whether padding the operands with zeros pays off, because a fast core can then replace the
/// scalar one.
bool is_worth_padding(const GemmShape& shape, const hal::Limits& limits) {
  const GemmShape whole = padded(shape);
  const uint64_t largest = std::max(
      {uint64_t{whole.m} * whole.k, uint64_t{whole.n} * whole.k, uint64_t{whole.m} * whole.n});
  return choose_core(shape, limits) == GemmCore::kScalar &&
         choose_core(whole, limits) != GemmCore::kScalar &&
         uint64_t{shape.m} * shape.n * shape.k >= kProductsWorthPadding &&
         numbers_fit(largest, limits);
}

Tensor pad_matrix(const Tensor& x, uint32_t rows, uint32_t columns) {
  return pad(pad(x, 1, 0, columns), 0, 0, rows);
}

Tensor matmul_padded(const Tensor& a, const Tensor& b, MatmulOptions options,
                     const GemmShape& shape) {
  const auto [m, n, k, transpose_a, transpose_b] = padded(shape);
  if (options.bias) options.bias = pad(options.bias, 0, 0, n);
  Tensor y = matmul(pad_matrix(a, transpose_a ? k : m, transpose_a ? m : k),
                    pad_matrix(b, transpose_b ? n : k, transpose_b ? k : n), options);
  return slice(slice(y, 0, 0, shape.m), 1, 0, shape.n);
}

/// y in parts of its rows: by rows of a, or by columns if a is transposed.
Tensor matmul_by_rows(const Tensor& a, const Tensor& b, const MatmulOptions& options,
                      const GemmShape& shape) {
  if (!options.transpose_a) {
    return by_rows("matmul", {a}, shape.n,
                   [&](const RowPart& part) { return matmul(part.xs[0], b, options); });
  }
  Tensors parts;
  for (const RowPart& part : row_parts("matmul", a.graph(), shape.m, {}, shape.n)) {
    parts.push_back(matmul(slice(a, 1, part.begin, part.rows), b, options));
  }
  return join(parts, {shape.m, shape.n});
}

/// y in parts of its columns, which are rows of a transposed b.
Tensor matmul_by_columns(const Tensor& a, const Tensor& b, MatmulOptions options) {
  const Tensor bias = options.bias;
  Tensors columns;
  for (const RowPart& part : row_parts("matmul", b.graph(), b.shape()[0], {b}, 1)) {
    if (bias) options.bias = slice(bias, 0, part.begin, part.rows);
    columns.push_back(matmul(a, part.xs[0], options));
  }
  return concat(columns, 1);
}

/// The sums in parts of their terms, if an operand stored along them is large.
Tensor matmul_by_terms(const Tensor& a, const Tensor& b, const MatmulOptions& options) {
  Tensors by_terms;
  if (options.transpose_a) by_terms.push_back(a);
  if (!options.transpose_b) by_terms.push_back(b);
  const Tensor total = sum_by_rows("matmul", by_terms, 1, [&](const RowPart& part) {
    Tensor left = options.transpose_a ? part.xs.front() : slice(a, 1, part.begin, part.rows);
    Tensor right = options.transpose_b ? slice(b, 1, part.begin, part.rows) : part.xs.back();
    return matmul(left, right,
                  {.transpose_a = options.transpose_a, .transpose_b = options.transpose_b});
  });
  return activate_biased(total, options.bias, options.activation, options.slope);
}

/// For operands or results larger than one binding.
Tensor matmul_by_parts(const Tensor& a, const Tensor& b, const MatmulOptions& options,
                       const GemmShape& shape) {
  const bool has_large_rows = !options.transpose_a && !fits(a);
  if (has_large_rows || !fits({shape.m, shape.n}, a.graph().limits())) {
    return matmul_by_rows(a, b, options, shape);
  }
  if (options.transpose_b && !fits(b)) return matmul_by_columns(a, b, options);
  return matmul_by_terms(a, b, options);
}

/// A node without outputs and gradient.
Node product_node(const Tensor& a, const Tensor& b, const GemmShape& shape,
                  const Epilogue& epilogue, const GemmLaunch& launch) {
  const Tensor& operand = epilogue.operand();
  Node node = {
      .kernel = launch.kernel,
      .inputs = {a, b, operand ? operand : b},
      .params = launch.params,
      .constants = launch.constants,
      .grid = launch.grid,
  };
  const bool can_multiply = has(a.graph().limits(), hal::Feature::kFusedKernels);
  if (can_multiply && epilogue.is_plain()) {
    node.times_derivative = [=](const Tensor& v, uint32_t activation, float slope) {
      const Epilogue derivative = Epilogue::derivative(v, activation, slope);
      return product_node(a, b, shape, derivative,
                          choose_gemm(shape, derivative.for_gemm(), a.graph().limits()));
    };
  }
  return node;
}

}  // namespace

Tensor matmul(const Tensor& a, const Tensor& b, const MatmulOptions& options) {
  const GemmShape shape = gemm_shape(a, b, options);
  if (needs_own_node(options.activation)) {
    return activate(matmul(a, b, without_activation(options)), options.activation, options.slope);
  }
  Graph& graph = a.graph();
  if (!fits(a) || !fits(b) || !fits({shape.m, shape.n}, graph.limits())) {
    return matmul_by_parts(a, b, options, shape);
  }
  if (is_worth_padding(shape, graph.limits())) return matmul_padded(a, b, options, shape);
  Tensor y = graph.tensor({shape.m, shape.n}, DType::kF32);
  const Epilogue epilogue = {options.bias, options.activation, options.slope};
  const GemmLaunch launch = choose_gemm(shape, epilogue.for_gemm(), graph.limits());
  Node product = product_node(a, b, shape, epilogue, launch);
  if (launch.splits > 1) {
    Tensor partial = graph.tensor({launch.splits, round_up(shape.m * shape.n, 4u)}, DType::kF32);
    product.outputs = {partial};
    graph.add(std::move(product));
    product = sum_terms(partial, y, epilogue);
  }
  product.outputs = {y};
  product.gradient = [a, b, y, options](const Tensors& dy) -> Tensors {
    return matmul_gradient(dy[0], a, b, y, options);
  };
  product.differentiable = {a, b};
  if (options.bias) product.differentiable.push_back(options.bias);
  graph.add(std::move(product));
  return y;
}

Tensor linear(const Tensor& x, const Tensor& weight, const Tensor& bias, Activation activation,
              float slope) {
  return matmul(x, weight,
                {.transpose_b = true, .bias = bias, .activation = activation, .slope = slope});
}

}  // namespace pumice::ops
