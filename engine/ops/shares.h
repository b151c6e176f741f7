#pragma once

#include <optional>

#include "engine/ops/gemm.h"

namespace pumice::ops {

/// A product as a GPU's workgroups see it: `layers` matrices of sums.
struct Work {
  uint64_t rows = 0;
  uint64_t columns = 0;
  uint64_t terms = 0;  ///< of each sum
  uint64_t layers = 1;
  bool in_vec4s = false;  ///< whether the cores by blocks can do it
};

/// The tile core of a device of these limits: a fixed rule, as choose_core().
GemmCore choose_tile_core(const Work& work, const hal::Limits& limits);

/// How the terms are split among workgroups where tiles are few and terms many; `core` is one of
/// the tile cores.
TermSplit split_terms(GemmCore core, const Work& work, const hal::Limits& limits);

/// While it lives, all products of this thread that can be done by `core` are: for measurements.
class ForcedCore {
 public:
  /// Absent: as the rule says.
  explicit ForcedCore(std::optional<GemmCore> core);
  ~ForcedCore();
  ForcedCore(const ForcedCore&) = delete;
  ForcedCore& operator=(const ForcedCore&) = delete;

 private:
  std::optional<GemmCore> before_;
};

/// Of its name, as core_named(); absent where that is empty.
std::optional<GemmCore> core_if_named(std::string_view name);

/// The core that is forced now.
std::optional<GemmCore> forced_core();

}  // namespace pumice::ops
