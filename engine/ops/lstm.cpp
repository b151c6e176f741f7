#include <algorithm>

#include "engine/base/divide_up.h"
#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "engine/ops/grid.h"
#include "engine/ops/ops.h"
#include "engine/ops/parts.h"
#include "kernels/lstm_cell.h"
#include "kernels/lstm_cell_gradient.h"

namespace pumice::ops {
namespace {

struct Sizes {
  uint32_t batch = 0;
  uint32_t steps = 0;
  uint32_t hidden = 0;  ///< a multiple of four

  uint32_t rows() const { return batch * steps; }
};

/// What the forward steps keep for the gradient.
struct Unrolled {
  Tensor y;        ///< [B, T, H]
  Tensors states;  ///< per step, [B, 5H]: gates i, f, g, o and cell
};

/// The kernel of the first step creates `all`; later steps update it in place.
void add_step(Node node, const Tensor& all, bool is_first) {
  Graph& graph = all.graph();
  if (is_first) {
    node.outputs.insert(node.outputs.begin(), all);
  } else {
    node.updates = {all};
  }
  graph.add(std::move(node));
}

Unrolled unroll(const Tensor& projection, const Tensor& recurrent, const Sizes& sizes) {
  Graph& graph = projection.graph();
  Unrolled result{.y = graph.tensor({sizes.batch, sizes.steps, sizes.hidden}, DType::kF32)};
  const uint32_t quads = sizes.hidden / 4;
  Tensor hidden;
  for (uint32_t step = 0; step < sizes.steps; ++step) {
    bool is_first = step == 0;
    Tensor product = is_first ? projection : matmul(hidden, recurrent, {.transpose_b = true});
    Tensor before = is_first ? projection : result.states.back();
    hidden = graph.tensor({sizes.batch, sizes.hidden}, DType::kF32);
    Tensor state = graph.tensor({sizes.batch, 5 * sizes.hidden}, DType::kF32);
    Node node{
        .kernel = &kernels::lstm_cell,
        .inputs = {projection, product, before},
        .outputs = {hidden, state},
        .params = pack(kernels::LstmCellParams{sizes.batch, sizes.steps, step, quads}),
        .constants = {is_first},
        .grid = grid_for(uint64_t{sizes.batch} * quads, kernels::lstm_cell, graph.limits()),
    };
    add_step(std::move(node), result.y, is_first);
    result.states.push_back(state);
  }
  return result;
}

/// The gradients of all gates before their activations: [B·T, 4H].
Tensor back_through_time(const Tensor& dy, const Tensor& recurrent, const Unrolled& forward,
                         const Sizes& sizes) {
  Graph& graph = dy.graph();
  Tensor all = graph.tensor({sizes.rows(), 4 * sizes.hidden}, DType::kF32);
  const uint32_t quads = sizes.hidden / 4;
  Tensor from_hidden = dy;
  Tensor from_cell = dy;
  for (uint32_t step = sizes.steps; step-- > 0;) {
    bool is_first = step == 0;
    bool is_last = step + 1 == sizes.steps;
    Tensor gates = graph.tensor({sizes.batch, 4 * sizes.hidden}, DType::kF32);
    Tensor cell = graph.tensor({sizes.batch, sizes.hidden}, DType::kF32);
    Node node{
        .kernel = &kernels::lstm_cell_gradient,
        .inputs = {dy, from_hidden, from_cell, forward.states[step],
                   forward.states[is_first ? 0 : step - 1]},
        .outputs = {gates, cell},
        .params = pack(kernels::LstmCellGradientParams{sizes.batch, sizes.steps, step, quads}),
        .constants = {is_first, is_last},
        .grid =
            grid_for(uint64_t{sizes.batch} * quads, kernels::lstm_cell_gradient, graph.limits()),
    };
    add_step(std::move(node), all, is_last);
    if (is_first) break;
    from_hidden = matmul(gates, recurrent);
    from_cell = cell;
  }
  return all;
}

/// The hidden states delayed by one step, starting with zeros: [B·T, H].
Tensor states_before(const Tensor& y, const Sizes& sizes) {
  const Shape rows({sizes.rows(), sizes.hidden});
  if (sizes.steps == 1) return constant(y.graph(), rows, 0);
  return reshape(pad(slice(y, 1, 0, sizes.steps - 1), 1, 1, sizes.steps), rows);
}

/// For hidden sizes that are multiples of 4.
Tensor lstm_by_vec4s(const Tensor& x, const Tensor& weight, const Tensor& recurrent,
                     const Tensor& bias) {
  const Sizes sizes{x.shape()[0], x.shape()[1], recurrent.shape()[1]};
  Tensor rows = reshape(x, {sizes.rows(), x.shape()[2]});
  Tensor projection = linear(rows, weight, bias);
  const Unrolled forward = unroll(projection, recurrent, sizes);
  Tensor y = x.graph().view(forward.y, forward.y.shape());
  x.graph().add({
      .inputs = {forward.y},
      .outputs = {y},
      .gradient = [=](const Tensors& dy) -> Tensors {
        Tensor gates = back_through_time(dy[0], recurrent, forward, sizes);
        return {
            reshape(matmul(gates, weight), x.shape()), matmul(gates, rows, {.transpose_a = true}),
            matmul(gates, states_before(forward.y, sizes), {.transpose_a = true}), sum(gates, {0})};
      },
      .differentiable = {x, weight, recurrent, bias},
  });
  return y;
}

/// The rows of the four gates [4H, …], with zeros for units `hidden` … `padded`-1.
Tensor pad_gates(const Tensor& gates, uint32_t hidden, uint32_t padded) {
  const auto width = static_cast<uint32_t>(gates.size() / (4 * hidden));
  Tensor all = pad(reshape(gates, {4, hidden, width}), 1, 0, padded);
  return reshape(all, gates.shape().rank() == 1 ? Shape({4 * padded}) : Shape({4 * padded, width}));
}

void check(const Tensor& x, const Tensor& weight, const Tensor& recurrent, const Tensor& bias) {
  for (const Tensor& tensor : {x, weight, recurrent, bias}) require_f32("lstm", tensor);
  require(x.shape().rank() == 3, "lstm: expects x[B, T, I], got {}", x.shape());
  require(recurrent.shape().rank() == 2 && recurrent.shape()[0] == 4 * recurrent.shape()[1],
          "lstm: expects recurrent weights [4H, H], got {}", recurrent.shape());
  const Shape expected({recurrent.shape()[0], x.shape()[2]});
  require(weight.shape() == expected, "lstm: expects input weights {}, got {}", expected,
          weight.shape());
  require(bias.shape() == Shape({recurrent.shape()[0]}), "lstm: expects a bias [{}], got {}",
          recurrent.shape()[0], bias.shape());
}

}  // namespace

Tensor lstm(const Tensor& x, const Tensor& weight, const Tensor& recurrent, const Tensor& bias) {
  check(x, weight, recurrent, bias);
  const uint32_t hidden = recurrent.shape()[1];
  // The larger of the gates of all steps and the state of one step.
  const uint64_t widest = std::max<uint64_t>(4 * x.shape()[1], 5) * round_up(hidden, 4u);
  if (!fits(x) || !numbers_fit(x.shape()[0] * widest, x.graph().limits())) {
    return by_rows("lstm", {x}, widest,
                   [&](const RowPart& part) { return lstm(part.xs[0], weight, recurrent, bias); });
  }
  if (hidden % 4 == 0) return lstm_by_vec4s(x, weight, recurrent, bias);
  // Units whose weights and bias are zero stay at h = σ(0)·tanh(σ(0)·tanh(0)) = 0.
  const uint32_t padded = round_up(hidden, 4u);
  Tensor y = lstm_by_vec4s(x, pad_gates(weight, hidden, padded),
                           pad(pad_gates(recurrent, hidden, padded), 1, 0, padded),
                           pad_gates(bias, hidden, padded));
  return slice(y, 2, 0, hidden);
}

}  // namespace pumice::ops
