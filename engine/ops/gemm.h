#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

#include "engine/hal/device.h"
#include "kernels/shared.h"

namespace pumice::ops {

/// C[m, n] = op(A)·op(B): A is stored as [m, k], or [k, m] if transposed, B as [k, n] or [n, k].
struct GemmShape {
  uint32_t m = 0;
  uint32_t n = 0;
  uint32_t k = 0;
  bool transpose_a = false;
  bool transpose_b = false;
};

using kernels::SumOperand;

/// Applied to each sum before it is stored: see epilogue.glsl.
struct GemmEpilogue {
  SumOperand operand = SumOperand::kUnused;
  uint32_t activation = 0;  ///< the number of an ops::Activation
  float slope = 0;          ///< of leaky ReLU
};

/// The number of parts into which the terms of each sum are split; their sums are added up
/// afterwards.
struct TermSplit {
  uint32_t count = 1;
  uint32_t terms = 0;  ///< per part, a multiple of 16; 0: all terms
};

/// A dispatch without its buffers, which are A, B, the operand of the epilogue (bias[n], or v[m,
/// n]) and C, in this order. Without an operand, bind any readable buffer in its place, such as B.
struct GemmLaunch {
  const hal::Kernel* kernel = nullptr;
  std::vector<std::byte> params;
  std::vector<uint32_t> constants;
  hal::Grid grid = {1, 1, 1};
  /// If more than 1, C holds partial sums [splits, m·n] without epilogue, each part rounded up to
  /// whole vec4s: see sum_terms.h.
  uint32_t splits = 1;
};

/// The kernels that multiply matrices: see shaders/include/gemm*.glsl and engine/hal/cpu/cores.
enum class GemmCore : uint8_t {
  kPanels,          ///< native code for CPUs, any size: a workgroup per 64 x 32
  kSubgroup,        ///< CPU drivers whose vectors are subgroups: a subgroup per 32 x 4·lanes
  kRegisters,       ///< other CPU drivers: a thread per 8 x 8, in vec4s
  kRow,             ///< the same if C has one or two rows: a thread per 1 x 8
  kScalar,          ///< CPU drivers, any size: a thread per 4 x 4, element by element
  kTile,            ///< GPUs, any size: a workgroup per 64 x 64
  kBlock64,         ///< GPUs, in vec4s: a workgroup per 64 x 64, a thread per 8 x 4
  kBlock128,        ///< GPUs, in vec4s: a workgroup per 128 x 128, a thread per 8 x 8
  kCooperative64,   ///< GPUs with cooperative matrices, Precision::kMixed or kSplit: per 64 x 64
  kCooperative128,  ///< the same: a workgroup per 128 x 128
};

std::string_view name(GemmCore core);  ///< "matmul_block_64"
/// Without the prefix, as convolutions use the same cores: "block_64".
std::string_view short_name(GemmCore core);

/// By its short name. Throws Error if there is no such core.
GemmCore core_named(std::string_view name);

/// Whether it is a core for GPUs.
bool is_tile(GemmCore core);

/// Whether it rounds the factors, or splits them, as Preferences::precision says.
bool is_cooperative(GemmCore core);

/// If it is, adds the constants that only these cores declare, after those of all cores.
void add_cooperative_constants(GemmCore core, const hal::Limits& limits, GemmLaunch& launch);

/// The part of C that a workgroup computes.
struct GemmTile {
  uint32_t rows = 0;
  uint32_t columns = 0;
};

GemmTile tile_of(GemmCore core, const hal::Limits& limits);

/// Whether a core is in one of the sets of hal::DisabledCores.
constexpr bool is_disabled(uint32_t disabled, GemmCore core) {
  return (disabled >> static_cast<uint32_t>(core)) % 2 == 1;
}

/// Whether a core can compute this shape on a device with these limits.
bool can_compute(GemmCore core, const GemmShape& shape, const hal::Limits& limits);

/// The core that a device with these limits uses if nothing was measured on it. The rule is fixed,
/// so that the same device gives the same bits in every run; gemm.cpp has the measurements behind
/// it.
GemmCore choose_core(const GemmShape& shape, const hal::Limits& limits);

/// How that device splits the terms if the core can.
TermSplit split_gemm(GemmCore core, const GemmShape& shape, const hal::Limits& limits);

/// Throws Error if an extent is zero or the matrix needs more workgroups than a grid has. Only the
/// cores for GPUs split terms.
GemmLaunch launch(GemmCore core, const GemmShape& shape, const GemmEpilogue& epilogue,
                  const hal::Limits& limits, const TermSplit& split = {});

/// launch() with the core and the split that were measured to be fast (see tuned.h), else with
/// those of the rule.
GemmLaunch choose_gemm(const GemmShape& shape, const GemmEpilogue& epilogue,
                       const hal::Limits& limits);

}  // namespace pumice::ops
