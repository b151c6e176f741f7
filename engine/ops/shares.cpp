#include "engine/ops/shares.h"

#include <algorithm>

#include "engine/base/divide_up.h"
#include "kernels/shared.h"

namespace pumice::ops {
namespace {

// With fewer terms, the second dispatch (about 5 µs on a large GPU) takes longer than it saves.
constexpr uint64_t kTermsWorthASplit = 256;
constexpr uint64_t kFewestTerms = 64;  // per workgroup

/// The number of tiles of a core for GPUs.
uint64_t tiles(GemmCore core, const Work& work) {
  const GemmTile tile = tile_of(core, {});
  return work.layers * divide_up(work.rows, uint64_t{tile.rows}) *
         divide_up(work.columns, uint64_t{tile.columns});
}

/// Whether large tiles waste hardly more than small tiles at the edges of the matrix.
bool fills_large_tiles(const Work& work) {
  return 16 * tiles(GemmCore::kBlock128, work) <= 5 * tiles(GemmCore::kBlock64, work);
}

#ifdef __wasm__
std::optional<GemmCore> forced;  // see hal/cpu/cores/scratch.cpp
#else
thread_local std::optional<GemmCore> forced;
#endif

}  // namespace

// WebGPU always uses kTile: the other cores were never measured there.
GemmCore choose_tile_core(const Work& work, const hal::Limits& limits, uint32_t disabled) {
  if (forced && is_tile(*forced)) return work.in_vec4s ? *forced : GemmCore::kTile;
  if (!limits.prefers.many_threads || !work.in_vec4s) return GemmCore::kTile;
  const bool is_large =
      4 * tiles(GemmCore::kBlock128, work) >= uint64_t{3} * limits.prefers.workgroups;
  const bool takes_large = is_large && fills_large_tiles(work);
  const GemmCore cooperative = takes_large ? GemmCore::kCooperative128 : GemmCore::kCooperative64;
  const bool cooperates = can_compute(cooperative, {.m = 4, .n = 4, .k = 4}, limits);
  if (cooperates && !is_disabled(disabled, cooperative)) return cooperative;
  const GemmCore core = takes_large ? GemmCore::kBlock128 : GemmCore::kBlock64;
  return is_disabled(disabled, core) ? GemmCore::kTile : core;
}

uint64_t most_partial_bytes(const hal::Limits& limits) {
  return std::min<uint64_t>(32u << 20, limits.max_binding_bytes);
}

TermSplit split_terms(GemmCore core, const Work& work, const hal::Limits& limits) {
  const uint64_t enough = limits.prefers.workgroups;
  const uint64_t groups = tiles(core, work);
  if (!limits.prefers.many_threads || work.terms < kTermsWorthASplit || groups >= enough) return {};
  const uint64_t bytes = 4 * work.layers * work.rows * work.columns;
  const uint64_t most = most_partial_bytes(limits) / bytes;
  const uint64_t count = std::min({2 * enough / groups, work.terms / kFewestTerms, most});
  if (count < 2) return {};
  return split_into(work.terms, count);
}

TermSplit split_into(uint64_t terms, uint64_t parts) {
  if (parts < 2) return {};
  const uint64_t of_part = round_up(divide_up(terms, parts), uint64_t{kernels::kStripDepth});
  return {.count = static_cast<uint32_t>(divide_up(terms, of_part)),
          .terms = static_cast<uint32_t>(of_part)};
}

ForcedCore::ForcedCore(std::optional<GemmCore> core) : before_(forced) { forced = core; }
ForcedCore::~ForcedCore() { forced = before_; }

std::optional<GemmCore> core_if_named(std::string_view name) {
  if (name.empty()) return std::nullopt;
  return core_named(name);
}

std::optional<GemmCore> forced_core() { return forced; }

}  // namespace pumice::ops
