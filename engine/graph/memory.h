#pragma once

#include <map>

#include "engine/graph/graph.h"

namespace pumice {

/// Which memory each activation uses. Buffers are shared by activations that are never alive at the
/// same time; an activation always has a whole buffer, because WebGPU refuses one that is bound for
/// reading and for writing in the same dispatch.
struct BufferAssignment {
  std::vector<uint64_t> buffer_bytes;           ///< one entry per buffer
  std::map<uint32_t, uint32_t> buffer_of_root;  ///< root tensor -> index of its buffer
};

enum class Sharing : uint8_t {
  kByLifeTime,
  kNone,  ///< every activation keeps its value to the end of the run, for diagnosis
};

/// `nodes` in the order in which they run; `outputs` stay alive to the end.
BufferAssignment assign_buffers(const Graph& graph, const std::vector<const Node*>& nodes,
                                const Tensors& outputs, Sharing sharing);

}  // namespace pumice
