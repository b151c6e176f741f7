#include "engine/ops/conv_gemm.h"

#include <algorithm>

#include "engine/base/divide_up.h"
#include "engine/base/require.h"
#include "engine/hal/pack.h"
#include "kernels/conv_registers.h"
#include "kernels/conv_subgroup.h"
#include "kernels/conv_tile.h"
#include "kernels/conv_weights_registers.h"
#include "kernels/conv_weights_subgroup.h"
#include "kernels/conv_weights_tile.h"

namespace pumice::ops {
namespace {

// What one workgroup makes, as in gemm.cpp and the shaders.
struct Tile {
  uint32_t rows;
  uint32_t columns;
};

Tile tile_of(GemmCore core, const hal::Limits& limits) {
  if (core == GemmCore::kSubgroup) return {32, 4 * limits.subgroup_size};
  if (core == GemmCore::kTile) return {64, 64};
  return {16, 64};
}

constexpr uint32_t kDepth = 16;  // of the tile core: splits are whole multiples
constexpr uint64_t kPixelsWorthASplit = 256;
constexpr uint64_t kPartialBytes = 32u << 20;
// What all tiles of one part read should stay in a CPU's cache: 1.9 times as fast on lavapipe for
// 128 -> 128 channels, 4 x 4 taps, on 28 x 28 pixels.
constexpr uint64_t kCacheBytes = 2u << 20;

// Two workers of a CPU driver finish together if there are some workgroups for each; a large GPU
// runs a thousand at once.
uint64_t enough_groups(GemmCore core) { return core == GemmCore::kTile ? 1024 : 32; }

const hal::Kernel& conv_kernel(GemmCore core) {
  if (core == GemmCore::kSubgroup) return kernels::conv_subgroup;
  return core == GemmCore::kTile ? kernels::conv_tile : kernels::conv_registers;
}

const hal::Kernel& weights_kernel(GemmCore core) {
  if (core == GemmCore::kSubgroup) return kernels::conv_weights_subgroup;
  return core == GemmCore::kTile ? kernels::conv_weights_tile : kernels::conv_weights_registers;
}

hal::Grid grid_of(Tile tile, uint64_t rows, uint32_t columns, uint32_t layers,
                  const hal::Limits& limits) {
  uint64_t x = divide_up(columns, tile.columns);
  uint64_t y = std::max<uint64_t>(divide_up(rows, tile.rows), 1);
  require(x <= limits.max_groups && y <= limits.max_groups && layers <= limits.max_groups,
          "convolution: {} pixels of {} channels take {} x {} x {} workgroups, the device has at "
          "most {} along an axis: use a smaller batch",
          rows, columns, layers, y, x, limits.max_groups);
  return {static_cast<uint32_t>(x), static_cast<uint32_t>(y), layers};
}

/// Rows of the product in the phase that has most: see shaders/include/conv.glsl.
uint64_t rows_of_phase(const ConvShape& shape) {
  if (!shape.transposed) return shape.out_pixels();
  return shape.batch * divide_up(shape.out_height, shape.stride) *
         divide_up(shape.out_width, shape.stride);
}

uint64_t weight_size(const ConvShape& shape) {
  return uint64_t{shape.taps()} * shape.in_channels * shape.out_channels;
}

/// Whether tiles of other pixels and the same channels come next, rather than the same pixels and
/// other channels: where the weight of a phase would not stay in the cache (1.2 times as fast for
/// 256 -> 512 channels, 4 x 4 taps; 0.9 times for 128 -> 128).
bool goes_down_columns(const ConvShape& shape) {
  uint64_t phases = shape.transposed ? uint64_t{shape.stride} * shape.stride : 1;
  return 4 * weight_size(shape) / phases >= kCacheBytes;
}

}  // namespace

bool can_convolve(GemmCore core, const ConvShape& shape, const hal::Limits& limits) {
  if (shape.in_channels % 4 != 0 || shape.out_channels % 4 != 0) return false;
  if (core != GemmCore::kSubgroup) return core != GemmCore::kScalar;
  // The rule for matrices of the texel buffers' sizes: x, the weight, dy.
  uint64_t largest = std::max({shape.in_pixels() * shape.in_channels, weight_size(shape),
                               shape.out_pixels() * shape.out_channels});
  return largest / 4 <= limits.max_texel_elements &&
         can_compute(GemmCore::kSubgroup, {.m = 4, .n = 4, .k = 4}, limits);
}

GemmCore choose_conv_core(const ConvShape& shape, const hal::Limits& limits) {
  if (limits.type != hal::DeviceType::kCpu) return GemmCore::kTile;
  bool subgroups = can_convolve(GemmCore::kSubgroup, shape, limits);
  return subgroups ? GemmCore::kSubgroup : GemmCore::kRegisters;
}

GemmLaunch launch_conv(GemmCore core, const ConvShape& shape, const GemmEpilogue& epilogue,
                       const hal::Limits& limits) {
  GemmLaunch launch{
      .kernel = &conv_kernel(core),
      .params = pack(kernels::ConvTileParams{
          shape.batch, shape.in_height, shape.in_width, shape.in_channels, shape.out_height,
          shape.out_width, shape.out_channels, shape.kernel_height, shape.kernel_width,
          shape.stride, shape.top, shape.left, epilogue.slope}),
      .constants = pack_constants(kernels::ConvTileConstants{.activation = epilogue.activation,
                                                             .has_bias = epilogue.has_bias,
                                                             .transpose_a = 0,
                                                             .transpose_b = shape.transposed}),
      .grid = grid_of(tile_of(core, limits), rows_of_phase(shape), shape.out_channels,
                      shape.transposed ? shape.stride * shape.stride : 1, limits),
  };
  if (core != GemmCore::kSubgroup) return launch;
  launch.constants.push_back(limits.subgroup_size);
  if (goes_down_columns(shape)) std::swap(launch.grid[0], launch.grid[1]);
  return launch;
}

PixelSplit split_pixels(GemmCore core, const ConvShape& shape, const hal::Limits& limits) {
  Tile tile = tile_of(core, limits);
  uint64_t tiles = divide_up(uint64_t{shape.taps()} * shape.in_channels, tile.rows) *
                   divide_up(shape.out_channels, tile.columns);
  uint64_t partial = std::min(kPartialBytes, limits.max_binding_bytes);
  uint64_t most = std::min(divide_up(shape.out_pixels(), kPixelsWorthASplit),
                           std::max<uint64_t>(partial / (4 * weight_size(shape)), 1));
  uint64_t bytes =
      4 * (shape.in_pixels() * shape.in_channels + shape.out_pixels() * shape.out_channels);
  uint64_t for_cache = core == GemmCore::kTile ? 1 : divide_up(bytes, kCacheBytes);
  uint64_t wanted = std::min(std::max(divide_up(enough_groups(core), tiles), for_cache), most);
  uint64_t pixels = round_up(divide_up(shape.out_pixels(), wanted), kDepth);
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
  if (core == GemmCore::kRegisters) return launch;  // its kernel has no constants
  launch.constants = pack_constants(kernels::ConvWeightsTileConstants{.transpose_a = 1});
  if (core == GemmCore::kSubgroup) launch.constants.push_back(limits.subgroup_size);
  return launch;
}

}  // namespace pumice::ops
