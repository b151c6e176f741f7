#pragma once

#include "engine/hal/cpu/cores/panels/epilogue.h"
#include "engine/hal/cpu/cores/panels/panels.h"

/// Matrices in row-major order, for Product.
namespace pumice::kernels::PUMICE_CPU_SET::cores {

/// A.
struct Left {
  static constexpr Order kOrder = Order::kFours;
  const float* a;
  size_t stride;

  void pack(uint32_t row, uint32_t row_end, uint32_t term, uint32_t terms, float* strips) const {
    for (; row < row_end; row += kRows, strips += kRows * fours(terms)) {
      const uint32_t rows = smaller(kRows, row_end - row);
      for (uint32_t r = 0; r < rows; ++r) {
        pack_fours(a + (row + r) * stride + term, terms, rows, strips + 4 * r);
      }
    }
  }

  PUMICE_CORE Strip in_place(uint32_t row, uint32_t term) const {
    return {a + row * stride + term, stride};
  }
};

/// A, stored transposed.
struct TransposedLeft {
  static constexpr Order kOrder = Order::kTerms;
  const float* a;
  size_t stride;

  /// Some terms at a time, whose numbers stay in the first-level cache from strip to strip.
  void pack(uint32_t row, uint32_t row_end, uint32_t term, uint32_t terms, float* strips) const {
    constexpr uint32_t kTermsAtOnce = 8;
    for (uint32_t d = 0; d < terms; d += kTermsAtOnce) {
      const float* from = a + (term + d) * stride;
      float* to = strips;
      for (uint32_t i = row; i < row_end; i += kRows, to += kRows * fours(terms)) {
        const uint32_t rows = smaller(kRows, row_end - i);
        pack_lines<kRows>(from + i, stride, rows, smaller(kTermsAtOnce, terms - d), rows,
                          to + d * rows);
      }
    }
    for (; row < row_end; row += kRows, strips += kRows * fours(terms)) {
      fill_fours(terms, smaller(kRows, row_end - row), strips);
    }
  }
};

/// B, or B stored transposed.
struct Right {
  const float* b;
  size_t stride;
  bool transposed;

  void pack(uint32_t column, uint32_t columns, uint32_t term, uint32_t terms, uint32_t width,
            float* panel) const {
    if (transposed) {
      pack_transposed(b + column * stride + term, stride, columns, terms, width, panel);
    } else {
      pack_lines<kColumns>(b + term * stride + column, stride, columns, terms, width, panel);
    }
    fill_fours(terms, width, panel);
  }
};

/// C.
struct Result {
  float* c;
  size_t stride;
  Epilogue epilogue;

  PUMICE_CORE void find(uint32_t row, uint32_t rows, Lines& lines) const {
    for (uint32_t r = 0; r < rows; ++r) lines.of[r] = c + (row + r) * stride;
  }
  PUMICE_CORE void finish(float* sums, uint32_t column, uint32_t count) const {
    epilogue.apply(sums, column, count);
  }
};

}  // namespace pumice::kernels::PUMICE_CPU_SET::cores
