#include "engine/graph/backward.h"

#include <algorithm>
#include <unordered_map>
#include <unordered_set>

#include "engine/base/require.h"

namespace pumice {
namespace {

const Tensors& differentiable_inputs(const Node& node) {
  return node.differentiable.empty() ? node.inputs : node.differentiable;
}

bool is_any_of(const Tensor& tensor, const std::unordered_set<uint32_t>& ids) {
  if (ids.contains(tensor.id())) return true;
  const Tensors& parts = tensor.graph().info(tensor).parts;
  return std::any_of(parts.begin(), parts.end(),
                     [&](const Tensor& part) { return ids.contains(part.id()); });
}

bool any_of(const Tensors& tensors, const std::unordered_set<uint32_t>& ids) {
  return std::any_of(tensors.begin(), tensors.end(),
                     [&](const Tensor& tensor) { return is_any_of(tensor, ids); });
}

/// The tensors that depend on one of `sources`.
std::unordered_set<uint32_t> dependents(const Graph& graph, const Tensors& sources) {
  std::unordered_set<uint32_t> ids;
  for (const Tensor& source : sources) ids.insert(source.id());
  for (const Node& node : graph.nodes()) {
    if (!any_of(differentiable_inputs(node), ids) && !any_of(node.inputs, ids)) continue;
    for (const Tensor& output : node.outputs) ids.insert(output.id());
  }
  return ids;
}

class Accumulator {
 public:
  explicit Accumulator(const GradientArithmetic& arithmetic) : arithmetic_(arithmetic) {}

  void contribute(const Tensor& to, const Tensor& gradient) {
    require(gradient.shape() == to.shape(), "backward: a gradient of shape {} for a tensor of {}",
            gradient.shape(), to.shape());
    const Tensors& parts = to.graph().info(to).parts;
    if (parts.empty()) return contribute_whole(to, gradient);
    const Tensors split = arithmetic_.split(gradient, parts);
    for (size_t i = 0; i < parts.size(); ++i) contribute_whole(parts[i], split[i]);
  }

  Tensor of(const Tensor& tensor) const {
    auto entry = gradients_.find(tensor.id());
    return entry == gradients_.end() ? Tensor{} : entry->second;
  }

 private:
  void contribute_whole(const Tensor& to, const Tensor& gradient) {
    auto [entry, is_first] = gradients_.try_emplace(to.id(), gradient);
    if (!is_first) entry->second = arithmetic_.add(entry->second, gradient);
  }

  const GradientArithmetic& arithmetic_;
  std::unordered_map<uint32_t, Tensor> gradients_;
};

}  // namespace

Tensors backward(const Tensor& of, const Tensor& seed, const Tensors& with_respect_to,
                 const GradientArithmetic& arithmetic) {
  Graph& graph = of.graph();
  const std::unordered_set<uint32_t> wanted = dependents(graph, with_respect_to);
  Accumulator accumulator(arithmetic);
  accumulator.contribute(of, seed);

  for (size_t index = graph.nodes().size(); index-- > 0;) {
    const Node& node = graph.nodes()[index];  // stays valid while the rule appends nodes
    const Tensors& inputs = differentiable_inputs(node);
    Tensors output_gradients;
    bool reached = false;
    for (const Tensor& output : node.outputs) {
      output_gradients.push_back(accumulator.of(output));
      reached = reached || output_gradients.back();
    }
    if (!reached || !any_of(inputs, wanted)) continue;
    require(static_cast<bool>(node.gradient), "backward: {} has no gradient", node.label);
    Scope scope(graph, "gradient of " + node.label);
    Tensors input_gradients = node.gradient(output_gradients);
    require(input_gradients.size() == inputs.size(),
            "backward: {} returned {} gradients, expected {}", node.label, input_gradients.size(),
            inputs.size());
    for (size_t i = 0; i < inputs.size(); ++i) {
      if (input_gradients[i] && is_any_of(inputs[i], wanted)) {
        accumulator.contribute(inputs[i], input_gradients[i]);
      }
    }
  }

  Tensors result;
  for (const Tensor& tensor : with_respect_to) result.push_back(accumulator.of(tensor));
  return result;
}

}  // namespace pumice
