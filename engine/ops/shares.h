#pragma once

#include <optional>

#include "engine/ops/gemm.h"

namespace pumice::ops {

/// A product as seen by a GPU's workgroups: `layers` matrices of sums.
struct Work {
  uint64_t rows = 0;
  uint64_t columns = 0;
  uint64_t terms = 0;  ///< per sum
  uint64_t layers = 1;
  bool in_vec4s = false;  ///< whether the block cores can compute it
};

Work work_of(const GemmShape& shape);

/// The tile core that a device with these limits uses: a fixed rule, as in choose_core(). kTile
/// instead of those in `disabled`, a set of hal::DisabledCores.
GemmCore choose_tile_core(const Work& work, const hal::Limits& limits, uint32_t disabled);

/// The most memory for partial sums that are added up by a second dispatch.
uint64_t most_partial_bytes(const hal::Limits& limits);

/// How the terms are split among workgroups if there are few tiles and many terms. `core` is a tile
/// core.
TermSplit split_terms(GemmCore core, const Work& work, const hal::Limits& limits);

/// The terms in this many parts or, where whole strips of terms make fewer, in as many as that.
TermSplit split_into(uint64_t terms, uint64_t parts);

/// During its lifetime, all products of this thread that `core` can compute use it. For benchmarks.
class ForcedCore {
 public:
  /// If absent, the rule applies.
  explicit ForcedCore(std::optional<GemmCore> core);
  ~ForcedCore();
  ForcedCore(const ForcedCore&) = delete;
  ForcedCore& operator=(const ForcedCore&) = delete;

 private:
  std::optional<GemmCore> before_;
};

/// core_named(name); absent if the name is empty.
std::optional<GemmCore> core_if_named(std::string_view name);

/// The core that is currently forced.
std::optional<GemmCore> forced_core();

}  // namespace pumice::ops
