#pragma once

#include <cstddef>
#include <vector>

#include "engine/hal/plan.h"

namespace pumice::hal {

/// An access to the bytes from `begin` to `end` of a buffer.
struct Use {
  uint64_t begin = 0;
  uint64_t end = 0;
  bool written = false;
};

/// Whether two accesses to the same buffer must keep their order.
constexpr bool conflict(const Use& a, const Use& b) {
  return a.begin < b.end && b.begin < a.end && (a.written || b.written);
}

/// For each dispatch of the plan, whether it needs a memory barrier before it: true if it reads
/// bytes that a dispatch since the last barrier wrote, or writes bytes that one read or wrote. The
/// end of a program needs no barrier, because the queue puts one between submissions.
std::vector<bool> barriers_before(const Plan& plan);

/// Dispatches that run between two barriers, in any order or at the same time.
struct DispatchRange {
  size_t begin = 0;
  size_t end = 0;
};

/// The dispatches of the plan, divided by these barriers.
std::vector<DispatchRange> between_barriers(const Plan& plan);

}  // namespace pumice::hal
