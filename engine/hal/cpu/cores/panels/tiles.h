#pragma once

#include "engine/hal/cpu/cores/panels/call.h"
#include "engine/hal/cpu/cores/panels/panels.h"
#include "engine/hal/cpu/cores/tile.h"

namespace pumice::kernels::PUMICE_CPU_SET::cores {

/// The tiles of a matrix of rows x columns, `across` · `below` of them. If the next tile is the one
/// below, threads share the columns, and each packs all of A; else they share the rows, and each
/// packs all of B.
struct Tiles {
  uint32_t rows, columns;
  uint32_t across, below;

  PUMICE_CORE bool go_down() const { return rows <= columns; }
  PUMICE_CORE uint32_t line() const { return go_down() ? below : across; }

  /// Tiles place ... place_end - 1 of some lines of tiles.
  PUMICE_CORE Part part(uint32_t first, uint32_t end, uint32_t place, uint32_t place_end) const {
    const bool down = go_down();
    const uint32_t y = down ? place : first, y_end = down ? place_end : end;
    const uint32_t x = down ? first : place, x_end = down ? end : place_end;
    return {y * kPanelsRows, smaller(y_end * kPanelsRows, rows), x * kPanelsColumns,
            smaller(x_end * kPanelsColumns, columns)};
  }
};

/// Computes the tiles first ... last - 1: the rest of a line of tiles, whole lines, and the start
/// of a line.
template <class A, class B, class C>
PUMICE_CORE void compute_tiles(const Product<A, B, C>& product, const Tiles& tiles, uint32_t first,
                               uint32_t last) {
  const uint32_t length = tiles.line();
  while (first < last) {
    const uint32_t line = first / length, place = first % length, left = last - first;
    const uint32_t lines = place == 0 && left >= length ? left / length : 1;
    const uint32_t end = smaller(place + left, length);
    product.compute(tiles.part(line, line + lines, place, end));
    first += lines * (end - place);
  }
}

/// Calls compute(z, first, last) for the tiles of a dispatch in each layer z.
template <class Compute>
PUMICE_CORE void for_each_layer(const hal::CpuCall& call, uint32_t first, uint32_t last,
                                Compute compute) {
  const uint32_t size = call.grid[0] * call.grid[1];
  while (first < last) {
    const uint32_t z = first / size;
    const uint32_t end = smaller(last, (z + 1) * size);
    compute(z, first - z * size, end - z * size);
    first = end;
  }
}

}  // namespace pumice::kernels::PUMICE_CPU_SET::cores
