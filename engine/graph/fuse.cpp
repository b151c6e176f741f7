#include "engine/graph/fuse.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "kernels/activate_gradient.h"

namespace pumice {
namespace {

using Indices = std::vector<size_t>;

/// Which nodes read and write each root tensor; an update is both.
class Uses {
 public:
  Uses(const Graph& graph, const std::vector<const Node*>& nodes, const Tensors& kept)
      : graph_(graph) {
    for (size_t i = 0; i < nodes.size(); ++i) {
      add(readers_, nodes[i]->inputs, i);
      add(readers_, nodes[i]->updates, i);
      add(writers_, nodes[i]->updates, i);
      add(writers_, nodes[i]->outputs, i);
    }
    // Something outside reads these.
    add(readers_, kept, nodes.size());
  }

  const Indices& readers(const Tensor& tensor) const { return of(readers_, tensor); }
  const Indices& writers(const Tensor& tensor) const { return of(writers_, tensor); }

 private:
  using Table = std::map<uint32_t, Indices>;

  void add(Table& table, const Tensors& tensors, size_t node) const {
    for (const Tensor& tensor : tensors) table[graph_.info(tensor).root].push_back(node);
  }

  const Indices& of(const Table& table, const Tensor& tensor) const {
    static const Indices none;
    const auto found = table.find(graph_.info(tensor).root);
    return found == table.end() ? none : found->second;
  }

  const Graph& graph_;
  Table readers_;
  Table writers_;
};

/// Where the node is that computes the upstream gradient of nodes[at], if the two can be one there:
/// nothing else reads its output, v has its last value by then, and no memory outside of the graph
/// is read or written earlier than before. Else `at`.
size_t place_of_product(const Graph& graph, const std::vector<const Node*>& nodes, size_t at,
                        const Uses& uses) {
  const Node& gradient = *nodes[at];
  const Tensor &dy = gradient.inputs[0], &v = gradient.inputs[1], &dx = gradient.outputs[0];
  const auto is_external = [&](const Tensor& tensor) {
    return graph.info(graph.info(tensor).root).external != nullptr;
  };
  if (is_external(dy) || is_external(v) || is_external(dx)) return at;
  const Indices& producers = uses.writers(dy);
  if (producers.size() != 1 || uses.readers(dy).size() != 1) return at;
  const size_t place = producers[0];
  const auto is_before = [&](size_t writer) { return writer < place; };
  const Node& product = *nodes[place];
  const bool can_fuse = product.times_derivative && product.outputs[0].size() == dy.size();
  return can_fuse && std::ranges::all_of(uses.writers(v), is_before) ? place : at;
}

Node fused(const Node& product, const Node& gradient) {
  kernels::ActivateGradientParams params;
  std::memcpy(&params, gradient.params.data(), sizeof(params));
  Node node = product.times_derivative(gradient.inputs[1], gradient.constants[0], params.slope);
  node.outputs = gradient.outputs;
  node.label = product.label;
  return node;
}

}  // namespace

FusedNodes fuse_derivatives(const Graph& graph, const std::vector<const Node*>& nodes,
                            const Tensors& kept) {
  const Uses uses(graph, nodes, kept);
  FusedNodes result{nodes, {}};
  for (size_t i = 0; i < nodes.size(); ++i) {
    if (nodes[i]->kernel != &kernels::activate_gradient) continue;
    const size_t place = place_of_product(graph, nodes, i, uses);
    if (place == i) continue;
    result.made.push_back(fused(*nodes[place], *nodes[i]));
    result.nodes[place] = &result.made.back();
    result.nodes[i] = nullptr;
  }
  std::erase(result.nodes, nullptr);
  return result;
}

}  // namespace pumice
