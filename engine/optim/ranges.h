#pragma once

#include <vector>

#include "engine/graph/graph.h"

namespace pumice::optim {

/// A range of a flat f32 buffer that fits in one binding.
struct Range {
  uint64_t byte_offset = 0;
  uint32_t count = 0;  ///< of floats
};

/// A flat buffer of `bytes`, cut into ranges that fit in a binding. On lavapipe a binding has at
/// most 128 MB, less than the parameters of some networks.
std::vector<Range> ranges_of(uint64_t bytes, const hal::Limits& limits);

inline Tensor range_of(Graph& graph, const hal::BufferPtr& flat, const Range& range) {
  return graph.external(flat, {range.count}, DType::kF32, range.byte_offset);
}

}  // namespace pumice::optim
