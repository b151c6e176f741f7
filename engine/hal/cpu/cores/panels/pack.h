#pragma once

#include <stddef.h>

#include "engine/hal/cpu/cores/panels/vectors.h"
#include "shaders/cpu/functions.h"

/// Copies parts of a matrix in the order in which block.h reads them.
namespace pumice::kernels::PUMICE_CPU_SET::cores {

/// Four lines of four floats, transposed.
PUMICE_CORE void transpose_four(const float* const* lines, uint32_t at, float* to, uint32_t step) {
  const metal::float4x4 turned =
      metal::transpose({load<Quad>(lines[0] + at), load<Quad>(lines[1] + at),
                        load<Quad>(lines[2] + at), load<Quad>(lines[3] + at)});
  for (uint32_t i = 0; i < 4; ++i) store(to + i * step, turned[i]);
}

/// A panel of B or a strip of A from a matrix whose lines are terms: for each term, `count` floats
/// and zeros up to `width`, which is usually kWhole. Terms are filled up with zeros to a multiple
/// of four.
template <int kWhole>
PUMICE_CORE void pack_lines(const float* from, size_t stride, uint32_t count, uint32_t terms,
                            uint32_t width, float* to) {
  for (uint32_t d = 0; d < terms; ++d, from += stride, to += width) {
    if (count == kWhole) {
      __builtin_memcpy(to, from, 4 * kWhole);
    } else {
      copy(from, count, to);
      clear(width - count, to + count);
    }
  }
}

/// Zeros for the terms from `terms` to a multiple of four.
PUMICE_CORE void fill_fours(uint32_t terms, uint32_t width, float* to) {
  clear((fours(terms) - terms) * width, to + terms * width);
}

/// A panel of B from a matrix whose lines are columns of B; some terms at a time, whose part of the
/// panel stays in the first-level cache until all columns are there.
static __attribute__((noinline)) void pack_transposed(const float* from, size_t stride,
                                                      uint32_t count, uint32_t terms,
                                                      uint32_t width, float* to) {
  constexpr uint32_t kTermsAtOnce = 64;
  for (uint32_t begin = 0; begin < terms; begin += kTermsAtOnce) {
    const uint32_t end = smaller(begin + kTermsAtOnce, terms);
    for (uint32_t c = 0; c < width; c += 4) {
      const float* lines[4];
      for (uint32_t i = 0; i < 4; ++i) lines[i] = from + smaller(c + i, count - 1) * stride;
      uint32_t d = begin;
      for (; d + 4 <= end; d += 4) transpose_four(lines, d, to + d * width + c, width);
      for (; d < end; ++d) {
        for (uint32_t i = 0; i < 4; ++i) to[d * width + c + i] = lines[i][d];
      }
    }
  }
}

/// A strip of `rows` rows in fours of terms, from one of them; the others are `rows` · 4 floats
/// apart.
PUMICE_CORE void pack_fours(const float* from, uint32_t terms, uint32_t rows, float* to) {
  uint32_t d = 0;
  for (; d + 4 <= terms; d += 4, to += 4 * rows) store(to, load<Quad>(from + d));
  if (d < terms) {
    for (uint32_t i = 0; i < 4; ++i) to[i] = d + i < terms ? from[d + i] : 0;
  }
}

}  // namespace pumice::kernels::PUMICE_CPU_SET::cores
