#pragma once

#include <vector>

#include "engine/graph/graph.h"

namespace pumice::optim {

/// A part of flat memory of f32 that fits into one binding.
struct Range {
  uint64_t byte_offset = 0;
  uint32_t count = 0;  ///< of f32
};

/// Flat memory in parts: a binding has a largest size, and lavapipe's 128 MB are less than some
/// networks take.
std::vector<Range> ranges_of(uint64_t bytes, const hal::Limits& limits);

inline Tensor range_of(Graph& graph, const hal::BufferPtr& flat, const Range& range) {
  return graph.external(flat, {range.count}, DType::kF32, range.byte_offset);
}

}  // namespace pumice::optim
