#include "kernels/softmax.h"
#include "engine/base/divide_up.h"
#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"
#include "kernels/is_correct.h"
#include "kernels/log_sum_exp.h"
#include "kernels/softmax_cross_entropy.h"
#include "kernels/softmax_cross_entropy_gradient.h"

namespace pumice::ops {
namespace {

void check_logits(std::string_view op, const Tensor& logits) {
  require_f32(op, logits);
  require(logits.shape().rank() == 2, "{}: expects logits [B, C], got {}", op, logits.shape());
}

void check_labels(std::string_view op, const Tensor& logits, const Tensor& labels) {
  const Shape expected({logits.shape()[0]});
  require(labels.dtype() == DType::kU32 && labels.shape() == expected,
          "{}: expects labels u32 {}, got {} {}", op, expected, labels.dtype(), labels.shape());
}

/// The grid of a kernel with one thread per row, including padding.
hal::Grid row_grid(const Tensor& logits, const hal::Kernel& kernel) {
  return grid_for(round_up(uint64_t{logits.shape()[0]}, 4u), kernel, logits.graph().limits());
}

Tensor log_sum_exp(const Tensor& logits) {
  Graph& graph = logits.graph();
  Tensor y = graph.tensor({logits.shape()[0]}, DType::kF32);
  graph.add({
      .kernel = &kernels::log_sum_exp,
      .inputs = {logits},
      .outputs = {y},
      .params = pack(kernels::LogSumExpParams{logits.shape()[0], logits.shape()[1]}),
      .grid = row_grid(logits, kernels::log_sum_exp),
  });
  return y;
}

Tensor cross_entropy_gradient(const Tensor& logits, const Tensor& labels, const Tensor& log_sum,
                              const Tensor& dy) {
  Graph& graph = logits.graph();
  Tensor dx = graph.tensor(logits.shape(), DType::kF32);
  graph.add({
      .kernel = &kernels::softmax_cross_entropy_gradient,
      .inputs = {logits, labels, log_sum, dy},
      .outputs = {dx},
      .params = pack(kernels::SoftmaxCrossEntropyGradientParams{count(logits), logits.shape()[1]}),
      .grid = vec4_grid(dx.size(), kernels::softmax_cross_entropy_gradient, graph.limits()),
  });
  return dx;
}

}  // namespace

Tensor softmax_cross_entropy(const Tensor& logits, const Tensor& labels) {
  check_logits("softmax_cross_entropy", logits);
  check_labels("softmax_cross_entropy", logits, labels);
  Graph& graph = logits.graph();
  Tensor log_sum = log_sum_exp(logits);
  Tensor y = graph.tensor(labels.shape(), DType::kF32);
  graph.add({
      .kernel = &kernels::softmax_cross_entropy,
      .inputs = {logits, labels, log_sum},
      .outputs = {y},
      .params = pack(kernels::SoftmaxCrossEntropyParams{logits.shape()[0], logits.shape()[1]}),
      .grid = row_grid(logits, kernels::softmax_cross_entropy),
      .gradient = [logits, labels, log_sum](const Tensors& dy) -> Tensors {
        return {cross_entropy_gradient(logits, labels, log_sum, dy[0])};
      },
      .differentiable = {logits},
  });
  return y;
}

Tensor is_correct(const Tensor& logits, const Tensor& labels) {
  check_logits("is_correct", logits);
  check_labels("is_correct", logits, labels);
  Graph& graph = logits.graph();
  Tensor y = graph.tensor(labels.shape(), DType::kF32);
  graph.add({
      .kernel = &kernels::is_correct,
      .inputs = {logits, labels},
      .outputs = {y},
      .params = pack(kernels::IsCorrectParams{logits.shape()[0], logits.shape()[1]}),
      .grid = row_grid(logits, kernels::is_correct),
  });
  return y;
}

Tensor softmax(const Tensor& logits) {
  check_logits("softmax", logits);
  Graph& graph = logits.graph();
  Tensor log_sum = log_sum_exp(logits);
  Tensor y = graph.tensor(logits.shape(), DType::kF32);
  graph.add({
      .kernel = &kernels::softmax,
      .inputs = {logits, log_sum},
      .outputs = {y},
      .params = pack(kernels::SoftmaxParams{count(logits), logits.shape()[1]}),
      .grid = vec4_grid(y.size(), kernels::softmax, graph.limits()),
  });
  return y;
}

}  // namespace pumice::ops
