#include "engine/graph/lower.h"

#include <algorithm>
#include <set>

#include "engine/base/require.h"
#include "engine/graph/fuse.h"

namespace pumice {
namespace {

/// Whether the root of any tensor that the node writes satisfies `is_wanted`.
template <typename IsWanted>
bool writes(const Graph& graph, const Node& node, const IsWanted& is_wanted) {
  auto is_wanted_tensor = [&](const Tensor& tensor) { return is_wanted(graph.info(tensor).root); };
  return std::any_of(node.outputs.begin(), node.outputs.end(), is_wanted_tensor) ||
         std::any_of(node.updates.begin(), node.updates.end(), is_wanted_tensor);
}

/// Collects the plan's buffers: external buffers as they are, activations by their assignment.
class BufferTable {
 public:
  BufferTable(const Graph& graph, const BufferAssignment& assignment, LoweredPlan& lowered)
      : graph_(graph), assignment_(assignment), lowered_(lowered) {
    for (uint64_t bytes : assignment.buffer_bytes) add(nullptr, bytes);
  }

  hal::BufferView view(const Tensor& tensor) {
    const TensorInfo& info = graph_.info(tensor);
    uint64_t bytes = padded_bytes(info.shape, info.dtype);
    if (info.external) return {index_of(info.external), info.byte_offset, bytes};
    auto buffer = assignment_.buffer_of_root.find(info.root);
    require(buffer != assignment_.buffer_of_root.end(),
            "lower: a tensor of shape {} is read before it is written", info.shape);
    return {buffer->second, info.byte_offset, bytes};
  }

 private:
  uint32_t add(hal::BufferPtr buffer, uint64_t missing) {
    lowered_.plan.buffers.push_back(std::move(buffer));
    lowered_.missing_bytes.push_back(missing);
    return static_cast<uint32_t>(lowered_.plan.buffers.size() - 1);
  }

  uint32_t index_of(const hal::BufferPtr& buffer) {
    auto [entry, is_new] = externals_.try_emplace(buffer.get(), 0);
    if (is_new) entry->second = add(buffer, 0);
    return entry->second;
  }

  const Graph& graph_;
  const BufferAssignment& assignment_;
  LoweredPlan& lowered_;
  std::map<const hal::Buffer*, uint32_t> externals_;
};

bool fit_texels(const hal::Dispatch& dispatch, const hal::Kernel& kernel,
                const hal::Limits& limits) {
  for (size_t i = 0; i < kernel.bindings.size(); ++i) {
    const bool is_texel = kernel.bindings[i] == hal::Access::kTexel;
    if (is_texel && dispatch.bindings[i].bytes / 16 > limits.max_texel_elements) return false;
  }
  return true;
}

hal::Dispatch emit_dispatch(const Node& node, BufferTable& table, const hal::Limits& limits) {
  hal::Dispatch dispatch{.kernel = node.kernel,
                         .bindings = {},
                         .params = node.params,
                         .constants = node.constants,
                         .grid = node.grid,
                         .label = node.label};
  for (const Tensors* list : {&node.inputs, &node.updates, &node.outputs}) {
    for (const Tensor& tensor : *list) dispatch.bindings.push_back(table.view(tensor));
  }
  const hal::Kernel* texels = node.kernel->texels;
  if (texels && limits.prefers.texel_loads && fit_texels(dispatch, *texels, limits)) {
    dispatch.kernel = texels;
  }
  return dispatch;
}

}  // namespace

std::vector<const Node*> needed_nodes(const Graph& graph, const Tensors& outputs) {
  std::set<uint32_t> live;
  for (const Tensor& output : outputs) live.insert(graph.info(output).root);
  std::vector<const Node*> needed;
  for (size_t index = graph.nodes().size(); index-- > 0;) {
    const Node& node = graph.nodes()[index];
    if (!node.kernel) continue;
    bool is_needed = writes(graph, node, [&](uint32_t root) {
      return live.contains(root) || graph.info(root).external;
    });
    if (!is_needed) continue;
    needed.push_back(&node);
    for (const Tensor& input : node.inputs) live.insert(graph.info(input).root);
    for (const Tensor& update : node.updates) live.insert(graph.info(update).root);
  }
  std::reverse(needed.begin(), needed.end());
  return needed;
}

LoweredPlan lower(const Graph& graph, std::string_view name, const Tensors& outputs,
                  Sharing sharing) {
  const Tensors kept = graph.parts(outputs);
#ifdef PUMICE_INFERENCE_ONLY
  const std::vector<const Node*> nodes = needed_nodes(graph, kept);
#else
  FusedNodes fused{needed_nodes(graph, kept), {}};
  if (sharing != Sharing::kNone) {
    fused = fuse_derivatives(graph, fused.nodes, kept);
    fuse_pairs(graph, fused);
  }
  const std::vector<const Node*>& nodes = fused.nodes;
#endif
  const std::vector<Level> levels = graph.limits().prefers.concurrent_dispatches
                                        ? in_fewest_levels(graph, nodes)
                                        : in_sequence(nodes);
  const BufferAssignment assignment = assign_buffers(graph, levels, kept, sharing);
  LoweredPlan lowered;
  lowered.plan.name = name;
  BufferTable table(graph, assignment, lowered);
  for (const Level& level : levels) {
    for (const Node* node : level) {
      lowered.plan.dispatches.push_back(emit_dispatch(*node, table, graph.limits()));
    }
  }
  std::set<uint32_t> kept_roots;
  for (const Tensor& tensor : kept) kept_roots.insert(graph.info(tensor).root);
  for (const Node* node : nodes) {
    for (const Tensor& output : node->outputs) {
      const uint32_t root = graph.info(output).root;
      const bool stays = sharing == Sharing::kNone || kept_roots.contains(root);
      if (stays) lowered.view_of_root[root] = table.view(output);
    }
  }
  return lowered;
}

}  // namespace pumice
