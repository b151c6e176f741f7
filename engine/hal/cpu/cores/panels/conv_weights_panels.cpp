#include "engine/hal/cpu/cores/panels/matrices.h"
#include "engine/hal/cpu/cores/panels/tiles.h"
#include "engine/hal/cpu/cores/panels/windows.h"
#include "kernels/conv_weights_registers.h"

namespace pumice::kernels::PUMICE_CPU_SET {
namespace cores {

// How many pixels ahead windows are prefetched.
constexpr size_t kPixelsAhead = 4;

/// A: a row is an input channel under a tap, a term an output pixel.
struct TransposedWindows {
  static constexpr Order kOrder = Order::kTerms;
  Phase phase;
  uint32_t first;  // output pixel

  void pack(uint32_t row, uint32_t row_end, uint32_t term, uint32_t terms, float* strips) const {
    Place place = phase.place_of(first + term);
    for (uint32_t d = 0; d < terms; ++d, phase.advance(place)) {
      float line[kBlockRows];
      gather(place, row, row_end - row, line);
      scatter(line, row_end - row, d, fours(terms), strips);
    }
    for (; row < row_end; row += kRows, strips += kRows * fours(terms)) {
      fill_fours(terms, smaller(kRows, row_end - row), strips);
    }
  }

  /// Rows of A for one pixel.
  PUMICE_CORE void gather(const Place& place, uint32_t row, uint32_t rows, float* line) const {
    for_each_run(phase.run_length(), row, rows, [&](const RunPart& part) {
      const Run run = phase.under(place, int32_t(part.run), 0, part.offset, part.count);
      float* to = line + part.begin;
      prefetch(run.from, kPixelsAhead * phase.columns.step * phase.x.channels, run.end - run.first);
      clear(run.first, to);
      copy(run.from, run.end - run.first, to + run.first);
      clear(part.count - run.end, to + run.end);
    });
  }

  PUMICE_CORE void scatter(const float* line, uint32_t rows, uint32_t term, uint32_t depth,
                           float* strips) const {
    for (; rows >= kRows; rows -= kRows, line += kRows, strips += kRows * depth) {
      __builtin_memcpy(strips + term * kRows, line, 4 * kRows);
    }
    copy(line, rows, strips + term * rows);
  }
};

PUMICE_CORE Phase phase_of(const ConvWeightsRegistersParams& p, const float* x) {
  return {axis_of(0, p.out_height, p.kernel_height, p.stride, p.top, false),
          axis_of(0, p.out_width, p.kernel_width, p.stride, p.left, false),
          false,
          {x, p.in_height, p.in_width, p.in_channels}};
}

}  // namespace cores

/// The params and bindings are those of conv_weights_registers.comp. Any number of channels.
void conv_weights_panels(const hal::CpuCall& call, uint32_t first, uint32_t last) {
  using namespace cores;
  const auto& p = *static_cast<const ConvWeightsRegistersParams*>(call.params);
  const Phase phase = phase_of(p, input(call, 0));
  const uint32_t rows = phase.terms(), columns = p.out_channels;
  const uint32_t pixels = p.batch * p.out_height * p.out_width;
  const size_t size = size_t{rows} * columns;
  for_each_layer(call, first, last, [&](uint32_t z, uint32_t begin, uint32_t end) {
    const uint32_t pixel = smaller(z * p.pixels_per_split, pixels);
    const Right dy = {input(call, 1) + size_t{pixel} * columns, columns, false};
    const Result partial = {output(call, 2) + z * size, columns, {}};
    compute_tiles(product(TransposedWindows{phase, pixel}, dy, partial,
                          smaller(p.pixels_per_split, pixels - pixel)),
                  {rows, columns, call.grid[0], call.grid[1]}, begin, end);
  });
  clear_padding(call, last, output(call, 2), call.grid[2] * size);
}

}  // namespace pumice::kernels::PUMICE_CPU_SET
