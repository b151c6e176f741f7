#include "engine/hal/barriers.h"

#include <algorithm>
#include <unordered_map>

namespace pumice::hal {
namespace {

/// Accesses since the last barrier, by index into the plan's buffers.
using Uses = std::unordered_map<uint32_t, std::vector<Use>>;

Use use_of(const BufferView& view, Access access) {
  return {view.offset, view.offset + view.bytes, writes(access)};
}

bool conflicts(const Uses& earlier, const Dispatch& dispatch) {
  for (size_t i = 0; i < dispatch.bindings.size(); ++i) {
    auto found = earlier.find(dispatch.bindings[i].buffer);
    if (found == earlier.end()) continue;
    Use use = use_of(dispatch.bindings[i], dispatch.kernel->bindings[i]);
    if (std::ranges::any_of(found->second, [&](const Use& u) { return conflict(u, use); })) {
      return true;
    }
  }
  return false;
}

void add(Uses& uses, const Dispatch& dispatch) {
  for (size_t i = 0; i < dispatch.bindings.size(); ++i) {
    const BufferView& view = dispatch.bindings[i];
    uses[view.buffer].push_back(use_of(view, dispatch.kernel->bindings[i]));
  }
}

}  // namespace

std::vector<bool> barriers_before(const Plan& plan) {
  std::vector<bool> barriers;
  barriers.reserve(plan.dispatches.size());
  Uses since_barrier;
  for (const Dispatch& dispatch : plan.dispatches) {
    barriers.push_back(conflicts(since_barrier, dispatch));
    if (barriers.back()) since_barrier.clear();
    add(since_barrier, dispatch);
  }
  return barriers;
}

std::vector<DispatchRange> between_barriers(const Plan& plan) {
  const std::vector<bool> barriers = barriers_before(plan);
  std::vector<DispatchRange> ranges;
  for (size_t i = 0; i < barriers.size(); ++i) {
    if (i == 0 || barriers[i]) ranges.push_back({i, i});
    ranges.back().end = i + 1;
  }
  return ranges;
}

}  // namespace pumice::hal
