#include "engine/hal/cpu/cores/panels/epilogue.h"
#include "engine/hal/cpu/cores/panels/tiles.h"
#include "engine/hal/cpu/cores/panels/windows.h"
#include "kernels/conv_registers.h"

namespace pumice::kernels::PUMICE_CPU_SET {
namespace cores {

constexpr float kZeros[kTerms] = {};

/// Terms begin ... end - 1 of a row of a strip.
PUMICE_CORE void put(const float* from, uint32_t begin, uint32_t end, uint32_t rows, float* to) {
  for (; begin < end && begin % 4 != 0; ++begin) to[begin / 4 * 4 * rows + begin % 4] = *from++;
  for (; begin + 4 <= end; begin += 4, from += 4) store(to + begin * rows, load<Quad>(from));
  for (; begin < end; ++begin) to[begin / 4 * 4 * rows + begin % 4] = *from++;
}

/// A: a row is the window of an output pixel.
struct Windows {
  static constexpr Order kOrder = Order::kFours;
  Phase phase;

  void pack(uint32_t row, uint32_t row_end, uint32_t term, uint32_t terms, float* strips) const {
    Place place = phase.place_of(row);
    for (; row < row_end; row += kRows, strips += kRows * fours(terms)) {
      const uint32_t rows = smaller(kRows, row_end - row);
      Place places[kRows];
      for (uint32_t r = 0; r < rows; ++r, phase.advance(place)) places[r] = place;
      pack_strip(places, rows, term, terms, strips);
    }
  }

  PUMICE_CORE void pack_strip(const Place* places, uint32_t rows, uint32_t term, uint32_t terms,
                              float* strip) const {
    const uint32_t runs = phase.columns.taps / phase.taps_of_run();
    const float* inside[kRows];
    for (uint32_t r = 0; r < rows; ++r) inside[r] = phase.inside(places[r]);
    for_each_run(phase.run_length(), term, terms, [&](const RunPart& part) {
      const int32_t ty = int32_t(part.run / runs), tx = int32_t(part.run % runs);
      const uint32_t begin = part.begin, end = begin + part.count;
      const ptrdiff_t first = phase.to_tap(ty, tx) + part.offset;
      for (uint32_t r = 0; r < rows; ++r) {
        if (inside[r] != nullptr) {
          put(inside[r] + first, begin, end, rows, strip + 4 * r);
          continue;
        }
        const Run run = phase.under(places[r], ty, tx, part.offset, part.count);
        put(kZeros, begin, begin + run.first, rows, strip + 4 * r);
        put(run.from, begin + run.first, begin + run.end, rows, strip + 4 * r);
        put(kZeros, begin + run.end, end, rows, strip + 4 * r);
      }
    });
    for (uint32_t r = 0; r < rows; ++r) put(kZeros, terms, fours(terms), rows, strip + 4 * r);
  }
};

/// B: [taps, in, out], or [taps, out, in] if transposed; a phase then uses some of the taps.
struct Weight {
  const float* weight;
  uint32_t in, out, kernel_width;
  Axis rows, columns;
  bool transposed;

  void pack(uint32_t column, uint32_t count, uint32_t term, uint32_t terms, uint32_t width,
            float* panel) const {
    if (transposed) {
      for_each_run(in, term, terms, [&](const RunPart& part) {
        const float* from = weight + (tap(part.run) * out + column) * in + part.offset;
        pack_transposed(from, in, count, part.count, width, panel + part.begin * width);
      });
    } else {
      const float* from = weight + size_t{term} * out + column;
      pack_lines<kColumns>(from, out, count, terms, width, panel);
    }
    fill_fours(terms, width, panel);
  }

  /// A tap's index in the kernel.
  PUMICE_CORE size_t tap(uint32_t index) const {
    const uint32_t ty = index / columns.taps, tx = index % columns.taps;
    return (rows.first_tap + ty * rows.tap_spacing) * kernel_width + columns.first_tap +
           tx * columns.tap_spacing;
  }
};

/// C: a row is an output pixel of the phase.
struct Pixels {
  float* y;
  uint32_t height, width, channels;
  Phase phase;
  Epilogue epilogue;

  void find(uint32_t row, uint32_t rows, Lines& lines) const {
    Place place = phase.place_of(row);
    for (uint32_t r = 0; r < rows; ++r, phase.advance(place)) {
      const size_t i = phase.rows.first + place.i * phase.rows.spacing;
      const size_t j = phase.columns.first + place.j * phase.columns.spacing;
      lines.of[r] = y + ((place.image * height + i) * width + j) * channels;
    }
  }
  PUMICE_CORE void finish(float* sums, uint32_t column, uint32_t count) const {
    epilogue.apply(sums, column, count);
  }
};

PUMICE_CORE Phase phase_of(const ConvRegistersParams& p, uint32_t z, bool transposed,
                           const float* x) {
  return {axis_of(z / p.stride, p.out_height, p.kernel_height, p.stride, p.top, transposed),
          axis_of(z % p.stride, p.out_width, p.kernel_width, p.stride, p.left, transposed),
          transposed,
          {x, p.in_height, p.in_width, p.in_channels}};
}

}  // namespace cores

/// The params, constants and bindings are those of conv_registers.comp. Any number of channels.
void conv_panels(const hal::CpuCall& call, uint32_t first, uint32_t last) {
  using namespace cores;
  const auto& p = *static_cast<const ConvRegistersParams*>(call.params);
  const bool transposed = constant(call, 3) != 0;
  float* y = output(call, 3);
  for_each_layer(call, first, last, [&](uint32_t z, uint32_t begin, uint32_t end) {
    const Phase phase = phase_of(p, z, transposed, input(call, 0));
    const Weight weight = {input(call, 1), p.in_channels, p.out_channels, p.kernel_width,
                           phase.rows,     phase.columns, transposed};
    const Pixels pixels = {
        y, p.out_height, p.out_width, p.out_channels, phase, epilogue_of(call, p.slope)};
    const Tiles tiles = {p.batch * phase.rows.count * phase.columns.count, p.out_channels,
                         call.grid[0], call.grid[1]};
    compute_tiles(product(Windows{phase}, weight, pixels, phase.terms()), tiles, begin, end);
  });
  clear_padding(call, last, y, size_t{p.batch} * p.out_height * p.out_width * p.out_channels);
}

}  // namespace pumice::kernels::PUMICE_CPU_SET
