#pragma once

#include <map>
#include <string_view>

#include "engine/graph/graph.h"
#include "engine/graph/memory.h"

namespace pumice {

/// A plan whose activations have no memory yet.
struct LoweredPlan {
  hal::Plan plan;  ///< `plan.buffers[i]` is null if `missing_bytes[i]` is not 0
  std::vector<uint64_t> missing_bytes;
  /// Where the values of root tensors are after a run: those of the outputs or, with
  /// Sharing::kNone, of everything that a node writes. Other memory is reused within a run.
  std::map<uint32_t, hal::BufferView> view_of_root;
};

/// The nodes that must run, in order: those that write external tensors or produce `outputs` (not
/// joined), and all their predecessors.
std::vector<const Node*> needed_nodes(const Graph& graph, const Tensors& outputs);

/// Drops unused nodes, fuses some (see fuse.h; not with Sharing::kNone), orders the others (for
/// devices that run several dispatches at once, by levels), assigns shared memory and emits the
/// dispatches. `outputs` keep their values after a run.
LoweredPlan lower(const Graph& graph, std::string_view name, const Tensors& outputs,
                  Sharing sharing = Sharing::kByLifeTime);

}  // namespace pumice
