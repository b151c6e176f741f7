#include "engine/ops/gemm.h"

#include <algorithm>

#include "engine/base/require.h"
#include "engine/hal/cpu/cores/cores.h"
#include "engine/hal/pack.h"
#include "engine/ops/shares.h"
#include "engine/ops/tuned.h"
#include "kernels/matmul_block_128.h"
#include "kernels/matmul_block_64.h"
#include "kernels/matmul_cooperative_128.h"
#include "kernels/matmul_cooperative_64.h"
#include "kernels/matmul_registers.h"
#include "kernels/matmul_row.h"
#include "kernels/matmul_scalar.h"
#include "kernels/matmul_subgroup.h"
#include "kernels/matmul_tile.h"
#include "kernels/shared.h"

namespace pumice::ops {
namespace {

constexpr std::string_view kPrefix = "matmul_";
constexpr uint32_t kFewRows = 2;

/// Whether the rows of A, B and C begin at vec4 boundaries.
bool in_vec4s(const GemmShape& shape) {
  return shape.n % 4 == 0 && shape.k % 4 == 0 && (!shape.transpose_a || shape.m % 4 == 0);
}

/// 4 lanes would work, but SwiftShader needs minutes and 24 GB to compile the kernel.
bool has_lanes(uint32_t subgroup_size) {
  return subgroup_size == 8 || subgroup_size == 16 || subgroup_size == 32;
}

bool fits_texels(const GemmShape& shape, const hal::Limits& limits) {
  uint64_t largest = uint64_t{shape.k} * std::max(shape.m, shape.n);
  return largest / 4 <= limits.max_texel_elements;
}

bool can_use_subgroups(const GemmShape& shape, const hal::Limits& limits) {
  return has(limits, hal::Feature::kSubgroupShuffle) && has(limits, hal::Feature::kTexelBuffer) &&
         has_lanes(limits.subgroup_size) && in_vec4s(shape) && fits_texels(shape, limits);
}

const hal::Kernel& kernel(GemmCore core) {
  switch (core) {
    case GemmCore::kPanels:
      return kernels::matmul_panels;
    case GemmCore::kSubgroup:
      return kernels::matmul_subgroup;
    case GemmCore::kRegisters:
      return kernels::matmul_registers;
    case GemmCore::kRow:
      return kernels::matmul_row;
    case GemmCore::kScalar:
      return kernels::matmul_scalar;
    case GemmCore::kTile:
      return kernels::matmul_tile;
    case GemmCore::kBlock64:
      return kernels::matmul_block_64;
    case GemmCore::kBlock128:
      return kernels::matmul_block_128;
    case GemmCore::kCooperative64:
      return kernels::matmul_cooperative_64;
    case GemmCore::kCooperative128:
      return kernels::matmul_cooperative_128;
  }
  fail("matmul: no core {}", static_cast<int>(core));
}

bool can_cooperate(const hal::Kernel& kernel, const hal::Limits& limits) {
  return has(limits, hal::Feature::kCooperativeMatrix) &&
         limits.prefers.precision != hal::Precision::kF32 &&
         kernel.shared_bytes <= limits.max_shared_bytes;
}

hal::Grid grid_of(const GemmShape& shape, GemmTile tile, uint32_t splits,
                  const hal::Limits& limits) {
  uint32_t x = (shape.n - 1) / tile.columns + 1;
  uint32_t y = (shape.m - 1) / tile.rows + 1;
  require(x <= limits.max_groups && y <= limits.max_groups,
          "matmul: [{}, {}] takes {} x {} workgroups, the device has at most {} along an axis",
          shape.m, shape.n, y, x, limits.max_groups);
  return {x, y, splits};
}

/// All cores declare the same params, except for the terms of a part, and the same constants,
/// except for the subgroup's lanes.
std::vector<std::byte> params_of(GemmCore core, const GemmShape& shape, float slope,
                                 const TermSplit& split) {
  const uint32_t terms = split.terms == 0 ? shape.k : split.terms;
  auto params = pack(kernels::MatmulTileParams{shape.m, shape.n, shape.k, slope, terms});
  if (!is_tile(core)) params.resize(sizeof(kernels::MatmulRegistersParams));
  return params;
}

}  // namespace

Work work_of(const GemmShape& shape) {
  return {.rows = shape.m, .columns = shape.n, .terms = shape.k, .in_vec4s = in_vec4s(shape)};
}

std::string_view name(GemmCore core) { return kernel(core).name; }

std::string_view short_name(GemmCore core) { return name(core).substr(kPrefix.size()); }

GemmCore core_named(std::string_view wanted) {
  std::string names;
  for (int i = 0; i <= static_cast<int>(GemmCore::kCooperative128); ++i) {
    const auto core = static_cast<GemmCore>(i);
    const std::string_view found = short_name(core);
    if (found == wanted) return core;
    names += fmt::format("{}{}", names.empty() ? "" : ", ", found);
  }
  fail("no core '{}', expected one of {}", wanted, names);
}

bool is_tile(GemmCore core) {
  return core == GemmCore::kTile || core == GemmCore::kBlock64 || core == GemmCore::kBlock128 ||
         is_cooperative(core);
}

bool is_cooperative(GemmCore core) {
  return core == GemmCore::kCooperative64 || core == GemmCore::kCooperative128;
}

void add_cooperative_constants(GemmCore core, const hal::Limits& limits, GemmLaunch& launch) {
  if (!is_cooperative(core)) return;
  const bool is_split = limits.prefers.precision == hal::Precision::kSplit;
  const hal::MatrixSize& size = limits.matrix_size;
  for (uint32_t constant :
       {limits.subgroup_size, size.rows, size.columns, size.terms, is_split ? 3u : 1u}) {
    launch.constants.push_back(constant);
  }
}

GemmTile tile_of(GemmCore core, const hal::Limits& limits) {
  switch (core) {
    case GemmCore::kPanels:
      return {kernels::kPanelsRows, kernels::kPanelsColumns};
    case GemmCore::kSubgroup:
      return {kernels::kSubgroupRows, 4 * limits.subgroup_size};
    case GemmCore::kRegisters:
    case GemmCore::kScalar:
      return {kernels::kRegistersRows, kernels::kRegistersColumns};
    case GemmCore::kRow:
      return {1, kernels::kRowColumns};
    case GemmCore::kTile:
      return {kernels::kTileEdge, kernels::kTileEdge};
    case GemmCore::kBlock64:
    case GemmCore::kCooperative64:
      return {kernels::kSmallBlock, kernels::kSmallBlock};
    case GemmCore::kBlock128:
    case GemmCore::kCooperative128:
      return {kernels::kLargeBlock, kernels::kLargeBlock};
  }
  fail("matmul: no core {}", static_cast<int>(core));
}

bool can_compute(GemmCore core, const GemmShape& shape, const hal::Limits& limits) {
  if (is_tile(core) && !limits.has_barriers) return false;
  if (is_cooperative(core) && !can_cooperate(kernel(core), limits)) return false;
  if (core == GemmCore::kPanels) return has(limits, hal::Feature::kCpuCode);
  if (core == GemmCore::kSubgroup) return can_use_subgroups(shape, limits);
  if (core == GemmCore::kRow) return in_vec4s(shape) && !shape.transpose_a;
  return core == GemmCore::kScalar || core == GemmCore::kTile || in_vec4s(shape);
}

// Speed relative to OpenBLAS with two threads, on lavapipe for 256 x 784 x 400: subgroup 0.38,
// registers 0.06, scalar 0.03, tile 0.01. On SwiftShader, kRow needs a third of the time of
// kRegisters, which would use one of its eight rows.
GemmCore choose_core(const GemmShape& shape, const hal::Limits& limits) {
  if (forced_core() && can_compute(*forced_core(), shape, limits)) return *forced_core();
  const uint32_t disabled = limits.prefers.disabled.products;
  auto can_use = [&](GemmCore core) {
    return can_compute(core, shape, limits) && !is_disabled(disabled, core);
  };
  if (can_use(GemmCore::kPanels)) return GemmCore::kPanels;
  if (!limits.prefers.register_tiles) {
    const GemmCore core = choose_tile_core(work_of(shape), limits, disabled);
    return is_disabled(disabled, core) ? GemmCore::kScalar : core;
  }
  if (can_use(GemmCore::kSubgroup)) return GemmCore::kSubgroup;
  if (shape.m <= kFewRows && can_use(GemmCore::kRow)) return GemmCore::kRow;
  if (can_use(GemmCore::kRegisters)) return GemmCore::kRegisters;
  return GemmCore::kScalar;
}

TermSplit split_gemm(GemmCore core, const GemmShape& shape, const hal::Limits& limits) {
  const bool can_split = is_tile(core) && shape.m > 0 && shape.n > 0;
  return can_split ? split_terms(core, work_of(shape), limits) : TermSplit{};
}

GemmLaunch launch(GemmCore core, const GemmShape& shape, const GemmEpilogue& epilogue,
                  const hal::Limits& limits, const TermSplit& split) {
  require(shape.m > 0 && shape.n > 0 && shape.k > 0,
          "matmul: expects extents of at least 1, got m = {}, n = {}, k = {}", shape.m, shape.n,
          shape.k);
  const bool is_whole = split.count == 1;
  require(is_whole || is_tile(core), "matmul: {} does not split terms", name(core));
  GemmLaunch launch{
      .kernel = &kernel(core),
      .params = params_of(core, shape, epilogue.slope, split),
      .constants = pack_constants(kernels::MatmulTileConstants{
          .activation = is_whole ? epilogue.activation : 0,
          .operand = static_cast<uint32_t>(is_whole ? epilogue.operand : SumOperand::kUnused),
          .transpose_a = shape.transpose_a,
          .transpose_b = shape.transpose_b,
      }),
      .grid = grid_of(shape, tile_of(core, limits), split.count, limits),
      .splits = split.count,
  };
  if (core == GemmCore::kSubgroup) launch.constants.push_back(limits.subgroup_size);
  add_cooperative_constants(core, limits, launch);
  return launch;
}

GemmLaunch choose_gemm(const GemmShape& shape, const GemmEpilogue& epilogue,
                       const hal::Limits& limits) {
  if (const auto tuned = tuned_choice(shape, limits)) {
    return launch(tuned->core, shape, epilogue, limits, split_into(shape.k, tuned->parts));
  }
  const GemmCore core = choose_core(shape, limits);
  return launch(core, shape, epilogue, limits, split_gemm(core, shape, limits));
}

}  // namespace pumice::ops
