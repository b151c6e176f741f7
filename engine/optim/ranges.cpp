#include "engine/optim/ranges.h"

#include <algorithm>

namespace pumice::optim {

std::vector<Range> ranges_of(uint64_t bytes, const hal::Limits& limits) {
  const uint64_t largest =
      limits.max_binding_bytes / hal::kBindingAlignment * hal::kBindingAlignment;
  std::vector<Range> ranges;
  for (uint64_t begin = 0; begin < bytes; begin += largest) {
    const uint64_t part = std::min(largest, bytes - begin);
    ranges.push_back({begin, static_cast<uint32_t>(part / sizeof(float))});
  }
  return ranges;
}

}  // namespace pumice::optim
