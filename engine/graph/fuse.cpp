#include "engine/graph/fuse.h"

#include <algorithm>
#include <cstring>
#include <map>

#include "kernels/activate_gradient.h"

namespace pumice {
namespace {

using Indices = std::vector<size_t>;

/// Which nodes read, update or write each root tensor.
class Uses {
 public:
  Uses(const Graph& graph, const std::vector<const Node*>& nodes, const Tensors& kept)
      : graph_(graph) {
    for (size_t i = 0; i < nodes.size(); ++i) {
      add(readers_, nodes[i]->inputs, i);
      add(readers_, nodes[i]->updates, i);
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
    static const Indices kNone;
    const auto found = table.find(graph_.info(tensor).root);
    return found == table.end() ? kNone : found->second;
  }

  const Graph& graph_;
  Table readers_;
  Table writers_;
};

/// Where the node is that computes the upstream gradient of nodes[at], if the two can be one there:
/// nothing else reads its output, and v exists by then. Else `at`.
size_t place_of_product(const Graph& graph, const std::vector<const Node*>& nodes, size_t at,
                        const Uses& uses) {
  const Tensor &dy = nodes[at]->inputs[0], &v = nodes[at]->inputs[1];
  if (graph.info(graph.info(dy).root).external || graph.info(graph.info(v).root).external) {
    return at;
  }
  const Indices &producers = uses.writers(dy), &origins = uses.writers(v);
  if (producers.size() != 1 || uses.readers(dy).size() != 1 || origins.size() != 1) return at;
  const Node& product = *nodes[producers[0]];
  const bool is_whole = product.outputs[0].size() == dy.size();
  return product.times_derivative && is_whole && origins[0] < producers[0] ? producers[0] : at;
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
