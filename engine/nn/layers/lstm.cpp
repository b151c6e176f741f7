#include "engine/nn/layers/lstm.h"

#include "engine/base/require.h"

namespace pumice::nn {
namespace {

// PyTorch uses the size of the hidden state as the fan of all weights.
Fan fan_of(uint32_t in, uint32_t hidden, Initialization initialization) {
  const bool is_pytorch = initialization == Initialization::kFanIn;
  return {is_pytorch ? hidden : in, 4ull * hidden};
}

/// Declares the weights of a cell and runs it: x[B, T, in] → [B, T, hidden].
class Cell {
 public:
  Cell(const LayerContext& context, uint32_t in, uint32_t hidden)
      : parameters_(&context.parameters) {
    const std::string& name = context.name;
    const Initialization initialization = context.initialization;
    const Fan fan = fan_of(in, hidden, initialization);
    const Fan recurrent_fan{hidden, 4ull * hidden};
    const uint32_t gates = 4 * hidden;
    weight_ =
        parameters_->add(weight_parameter(name + ".weight", {gates, in}, fan, initialization));
    recurrent_ = parameters_->add(
        weight_parameter(name + ".recurrent", {gates, hidden}, recurrent_fan, initialization));
    bias_ = parameters_->add(bias_parameter(name + ".bias", gates, fan, initialization));
  }

  Tensor operator()(const Tensor& x) const {
    Graph& graph = x.graph();
    return ops::lstm(x, parameters_->tensor(graph, weight_), parameters_->tensor(graph, recurrent_),
                     parameters_->tensor(graph, bias_));
  }

 private:
  Parameters* parameters_;
  uint32_t weight_;
  uint32_t recurrent_;
  uint32_t bias_;
};

}  // namespace

void Lstm::describe(LayerFields& fields) {
  fields.whole("out", out, 1);
  fields.flag("sequence", sequence);
}

BuiltLayer Lstm::build(const LayerContext& context) const {
  const Shape& input = context.input;
  const bool is_image = input.rank() == 3 && input[2] == 1;
  if (!is_image) context.require_rank(2, "a sequence [steps, features], or gray images");
  require(out <= kMaxNumbers / 4, "{} ({}): expects 'out' of at most {}, got {}", context.name,
          kType, kMaxNumbers / 4, out);
  const uint32_t steps = input[0];
  const uint32_t in = input[1];
  auto run = [cell = Cell(context, in, out), steps, in, lstm = *this](const Tensor& x,
                                                                      const ForwardContext&) {
    const uint32_t batch = x.shape()[0];
    Tensor states = cell(ops::reshape(x, {batch, steps, in}));
    if (lstm.sequence) return states;
    return ops::reshape(ops::slice(states, 1, steps - 1, 1), {batch, lstm.out});
  };
  return {run, sequence ? Shape{steps, out} : Shape{out}};
}

std::string Lstm::details() const { return sequence ? ", sequence" : ""; }

}  // namespace pumice::nn
