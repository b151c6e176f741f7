#include "engine/ops/conv_gemm.h"

#include <algorithm>

#include "engine/base/divide_up.h"
#include "engine/base/require.h"
#include "engine/hal/cpu/cores/cores.h"
#include "engine/hal/pack.h"
#include "engine/ops/shares.h"
#include "kernels/conv_block_128.h"
#include "kernels/conv_block_64.h"
#include "kernels/conv_cooperative_128.h"
#include "kernels/conv_cooperative_64.h"
#include "kernels/conv_registers.h"
#include "kernels/conv_subgroup.h"
#include "kernels/conv_tile.h"
#include "kernels/conv_weights_block_128.h"
#include "kernels/conv_weights_block_64.h"
#include "kernels/conv_weights_cooperative_128.h"
#include "kernels/conv_weights_cooperative_64.h"
#include "kernels/conv_weights_registers.h"
#include "kernels/conv_weights_subgroup.h"
#include "kernels/conv_weights_tile.h"
#include "kernels/shared.h"

namespace pumice::ops {
namespace {

constexpr uint64_t kPixelsWorthASplit = 256;
// The data that all tiles of one part read should stay in a CPU's cache: 1.9 times as fast on
// lavapipe for 128 -> 128 channels, 4 x 4 taps, on 28 x 28 pixels.
constexpr uint64_t kCacheBytes = 2u << 20;

// Two workers of a CPU driver finish at about the same time if each has several workgroups. A large
// GPU runs a thousand at once, or a quarter as many if each thread has many sums.
uint64_t enough_groups(GemmCore core) {
  if (core == GemmCore::kBlock128 || core == GemmCore::kCooperative128) return 256;
  if (core == GemmCore::kBlock64 || core == GemmCore::kCooperative64) return 512;
  return core == GemmCore::kTile ? 1024 : 32;
}

bool is_block(GemmCore core) { return is_tile(core) && core != GemmCore::kTile; }

const hal::Kernel& conv_kernel(GemmCore core) {
  if (core == GemmCore::kPanels) return kernels::conv_panels;
  if (core == GemmCore::kSubgroup) return kernels::conv_subgroup;
  if (core == GemmCore::kBlock64) return kernels::conv_block_64;
  if (core == GemmCore::kBlock128) return kernels::conv_block_128;
  if (core == GemmCore::kCooperative64) return kernels::conv_cooperative_64;
  if (core == GemmCore::kCooperative128) return kernels::conv_cooperative_128;
  return core == GemmCore::kTile ? kernels::conv_tile : kernels::conv_registers;
}

const hal::Kernel& weights_kernel(GemmCore core) {
  if (core == GemmCore::kPanels) return kernels::conv_weights_panels;
  if (core == GemmCore::kSubgroup) return kernels::conv_weights_subgroup;
  if (core == GemmCore::kBlock64) return kernels::conv_weights_block_64;
  if (core == GemmCore::kBlock128) return kernels::conv_weights_block_128;
  if (core == GemmCore::kCooperative64) return kernels::conv_weights_cooperative_64;
  if (core == GemmCore::kCooperative128) return kernels::conv_weights_cooperative_128;
  return core == GemmCore::kTile ? kernels::conv_weights_tile : kernels::conv_weights_registers;
}

hal::Grid grid_of(GemmTile tile, uint64_t rows, uint32_t columns, uint32_t layers,
                  const hal::Limits& limits) {
  uint64_t x = divide_up(columns, tile.columns);
  uint64_t y = std::max<uint64_t>(divide_up(rows, tile.rows), 1);
  require(x <= limits.max_groups && y <= limits.max_groups && layers <= limits.max_groups,
          "convolution: {} pixels of {} channels take {} x {} x {} workgroups, the device has at "
          "most {} along an axis; use a smaller batch",
          rows, columns, layers, y, x, limits.max_groups);
  return {static_cast<uint32_t>(x), static_cast<uint32_t>(y), layers};
}

/// Rows of the product in the phase that has the most: see shaders/include/conv.glsl.
uint64_t rows_of_phase(const ConvShape& shape) {
  if (!shape.transposed) return shape.out_pixels();
  return shape.batch * divide_up(shape.out_height, shape.stride) *
         divide_up(shape.out_width, shape.stride);
}

uint32_t phases_of(const ConvShape& shape) {
  return shape.transposed ? shape.stride * shape.stride : 1;
}

/// Terms of a sum in the phase that has the most.
uint64_t terms_of_phase(const ConvShape& shape) {
  const uint32_t step = shape.transposed ? shape.stride : 1;
  return uint64_t{divide_up(shape.kernel_height, step)} * divide_up(shape.kernel_width, step) *
         shape.in_channels;
}

// Beyond this, an input pixel's row or column does not fit in the 16 bits of conv_blocks.glsl.
constexpr uint32_t kBlockExtent = 16384;

bool fits_blocks(const ConvShape& shape) {
  return std::max({shape.in_height, shape.in_width, shape.out_height, shape.out_width,
                   shape.kernel_height, shape.kernel_width, shape.top, shape.left}) <= kBlockExtent;
}

GemmCore choose_core_for(const Work& work, const ConvShape& shape, const hal::Limits& limits,
                         uint32_t disabled) {
  if (forced_core() && can_convolve(*forced_core(), shape, limits)) return *forced_core();
  auto can_use = [&](GemmCore core) {
    return can_convolve(core, shape, limits) && !is_disabled(disabled, core);
  };
  if (can_use(GemmCore::kPanels)) return GemmCore::kPanels;
  if (!limits.prefers.register_tiles) {
    const GemmCore core = choose_tile_core(work, limits, disabled);
    return is_disabled(disabled, core) ? GemmCore::kRegisters : core;
  }
  return can_use(GemmCore::kSubgroup) ? GemmCore::kSubgroup : GemmCore::kRegisters;
}

uint64_t weight_size(const ConvShape& shape) {
  return uint64_t{shape.taps()} * shape.in_channels * shape.out_channels;
}

/// Whether consecutive tiles have the same channels and other pixels, rather than the same pixels
/// and other channels: true if the weight of a phase would not stay in the cache (1.2 times as fast
/// for 256 -> 512 channels, 4 x 4 taps; 0.9 times for 128 -> 128).
bool goes_down_columns(const ConvShape& shape) {
  return 4 * weight_size(shape) / phases_of(shape) >= kCacheBytes;
}

}  // namespace

Work work_of(const ConvShape& shape) {
  return {.rows = rows_of_phase(shape),
          .columns = shape.out_channels,
          .terms = terms_of_phase(shape),
          .layers = phases_of(shape),
          .in_vec4s = fits_blocks(shape)};
}

bool can_convolve(GemmCore core, const ConvShape& shape, const hal::Limits& limits) {
  if (core == GemmCore::kPanels) return can_compute(core, {.m = 4, .n = 4, .k = 4}, limits);
  if (shape.in_channels % 4 != 0 || shape.out_channels % 4 != 0) return false;
  if (is_tile(core) && !limits.has_barriers) return false;
  if (is_cooperative(core) && !can_compute(core, {.m = 4, .n = 4, .k = 4}, limits)) return false;
  if (is_block(core)) return fits_blocks(shape);
  if (core != GemmCore::kSubgroup) return core == GemmCore::kTile || core == GemmCore::kRegisters;
  // The same rule as for matrices, with the sizes of the texel buffers: x, the weight, dy.
  uint64_t largest = std::max({shape.in_pixels() * shape.in_channels, weight_size(shape),
                               shape.out_pixels() * shape.out_channels});
  return largest / 4 <= limits.max_texel_elements &&
         can_compute(GemmCore::kSubgroup, {.m = 4, .n = 4, .k = 4}, limits);
}

GemmCore choose_conv_core(const ConvShape& shape, const hal::Limits& limits) {
  return choose_core_for(work_of(shape), shape, limits, limits.prefers.disabled.convolutions);
}

// Terms are always split, so there are enough tiles of any size, and large tiles are best.
GemmCore choose_weights_core(const ConvShape& shape, const hal::Limits& limits) {
  return choose_core_for({.rows = uint64_t{shape.taps()} * shape.in_channels,
                          .columns = shape.out_channels,
                          .terms = kPixelsWorthASplit,
                          .layers = divide_up(shape.out_pixels(), kPixelsWorthASplit),
                          .in_vec4s = true},
                         shape, limits, limits.prefers.disabled.weight_gradients);
}

TermSplit split_conv(GemmCore core, const ConvShape& shape, const hal::Limits& limits) {
  return is_block(core) ? split_terms(core, work_of(shape), limits) : TermSplit{};
}

TermSplit split_conv(const ConvShape& shape, uint32_t parts) {
  return split_into(terms_of_phase(shape), parts);
}

GemmLaunch launch_conv(GemmCore core, const ConvShape& shape, const GemmEpilogue& epilogue,
                       const hal::Limits& limits, const TermSplit& split) {
  const bool is_whole = split.count == 1;
  require(is_whole || is_block(core), "convolution: {} does not split terms",
          conv_kernel(core).name);
  const uint32_t terms = is_whole ? static_cast<uint32_t>(terms_of_phase(shape)) : split.terms;
  GemmLaunch launch{
      .kernel = &conv_kernel(core),
      .params = pack(kernels::ConvBlock64Params{
          shape.batch, shape.in_height, shape.in_width, shape.in_channels, shape.out_height,
          shape.out_width, shape.out_channels, shape.kernel_height, shape.kernel_width,
          shape.stride, shape.top, shape.left, epilogue.slope, terms}),
      .constants = pack_constants(kernels::ConvTileConstants{
          .activation = is_whole ? epilogue.activation : 0,
          .operand = static_cast<uint32_t>(is_whole ? epilogue.operand : SumOperand::kUnused),
          .transpose_a = 0,
          .transpose_b = shape.transposed}),
      .grid = grid_of(tile_of(core, limits), rows_of_phase(shape), shape.out_channels,
                      phases_of(shape) * split.count, limits),
      .splits = split.count,
  };
  if (!is_block(core)) launch.params.resize(sizeof(kernels::ConvTileParams));
  add_cooperative_constants(core, limits, launch);
  if (core != GemmCore::kSubgroup) return launch;
  launch.constants.push_back(limits.subgroup_size);
  if (goes_down_columns(shape)) std::swap(launch.grid[0], launch.grid[1]);
  return launch;
}

PixelSplit split_pixels(GemmCore core, const ConvShape& shape, const hal::Limits& limits) {
  GemmTile tile = tile_of(core, limits);
  uint64_t tiles = divide_up(uint64_t{shape.taps()} * shape.in_channels, tile.rows) *
                   divide_up(shape.out_channels, tile.columns);
  uint64_t partial = most_partial_bytes(limits);
  uint64_t most = std::min(divide_up(shape.out_pixels(), kPixelsWorthASplit),
                           std::max<uint64_t>(partial / (4 * weight_size(shape)), 1));
  uint64_t bytes =
      4 * (shape.in_pixels() * shape.in_channels + shape.out_pixels() * shape.out_channels);
  bool blocks_terms = is_tile(core) || core == GemmCore::kPanels;
  uint64_t for_cache = blocks_terms ? 1 : divide_up(bytes, kCacheBytes);
  uint64_t wanted = std::min(std::max(divide_up(enough_groups(core), tiles), for_cache), most);
  return split_pixels(shape, wanted);
}

PixelSplit split_pixels(const ConvShape& shape, uint64_t parts) {
  uint64_t pixels = round_up(divide_up(shape.out_pixels(), parts), kernels::kStripDepth);
  return {.count = static_cast<uint32_t>(divide_up(shape.out_pixels(), pixels)),
          .pixels = static_cast<uint32_t>(pixels)};
}

GemmLaunch launch_conv_weights(GemmCore core, const ConvShape& shape, const PixelSplit& split,
                               const hal::Limits& limits) {
  GemmLaunch launch{
      .kernel = &weights_kernel(core),
      .params = pack(kernels::ConvWeightsTileParams{
          shape.batch, shape.in_height, shape.in_width, shape.in_channels, shape.out_height,
          shape.out_width, shape.out_channels, shape.kernel_height, shape.kernel_width,
          shape.stride, shape.top, shape.left, split.pixels}),
      .constants = {},
      .grid = grid_of(tile_of(core, limits), uint64_t{shape.taps()} * shape.in_channels,
                      shape.out_channels, split.count, limits),
  };
  const bool has_constants = core != GemmCore::kPanels && core != GemmCore::kRegisters;
  if (!has_constants) return launch;
  launch.constants = pack_constants(kernels::ConvWeightsTileConstants{.transpose_a = 1});
  if (core == GemmCore::kSubgroup) launch.constants.push_back(limits.subgroup_size);
  add_cooperative_constants(core, limits, launch);
  return launch;
}

}  // namespace pumice::ops
