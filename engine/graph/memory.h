#pragma once

#include <map>

#include "engine/graph/graph.h"
#include "engine/graph/levels.h"

namespace pumice {

/// Which memory each activation uses. Activations that are never alive at the same time share
/// buffers. An activation always gets a whole buffer, because WebGPU does not allow a buffer to be
/// bound for both reading and writing in the same dispatch.
struct BufferAssignment {
  std::vector<uint64_t> buffer_bytes;           ///< one entry per buffer
  std::map<uint32_t, uint32_t> buffer_of_root;  ///< root tensor -> index of its buffer
};

enum class Sharing : uint8_t {
  kByLifeTime,
  kNone,  ///< every activation keeps its value until the end of the run, for diagnosis
};

/// A buffer is free again after the level of its last use. `outputs` stay alive until the end.
BufferAssignment assign_buffers(const Graph& graph, const std::vector<Level>& levels,
                                const Tensors& outputs, Sharing sharing);

}  // namespace pumice
