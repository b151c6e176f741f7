#pragma once

#include <span>
#include <vector>

#include "engine/hal/byte_range.h"
#include "engine/hal/plan.h"

namespace pumice::hal {

/// Bytes of a buffer.
struct BufferPart {
  BufferPtr buffer;
  ByteRange range;
};

/// Some of a plan's dispatches, and which of the exchanged bytes are final after them.
struct PlanPart {
  Plan plan;
  std::vector<BufferPart> ready;
};

/// A plan in parts. Run one after another, they do the same as the plan.
struct CutPlan {
  std::vector<PlanPart> before;
  Plan after;
};

/// Cuts a plan so that the host can replace what it wrote to `exchanged` before it reads it:
/// dispatches that only read these buffers, and all that must follow them, go to `after`. The
/// others go to `before`, in parts that each complete at least `bucket_bytes`, so that the
/// host can already deal with these while the next part runs. A plan that does not write any of
/// the buffers is one part. What `after` itself writes to another of these buffers, before it reads
/// it, needs another cut. Throws Error if the plan writes such a buffer after it has read it.
CutPlan cut(const Plan& plan, std::span<const BufferPtr> exchanged, uint64_t bucket_bytes);

}  // namespace pumice::hal
