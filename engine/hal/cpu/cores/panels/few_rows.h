#pragma once

#include "engine/hal/cpu/cores/panels/matrices.h"

namespace pumice::kernels::PUMICE_CPU_SET::cores {

/// With more rows, packing B pays off.
constexpr uint32_t kFewRows = 8;

/// C = A·Bᵀ with few rows, such as those of a batch of one: rows of A and of B are multiplied in
/// place.
struct FewRows {
  const float* a;
  const float* b;
  uint32_t rows, columns, terms;
  Result c;

  void compute(uint32_t column, uint32_t end) const {
    for (; column < end; column += 4) {
      uint32_t row = 0;
      for (; row + 2 <= rows; row += 2) add_products<2>(row, column);
      if (row < rows) add_products<1>(row, column);
    }
  }

  /// R rows and four columns; columns past the end repeat the last.
  template <int R>
  PUMICE_CORE void add_products(uint32_t row, uint32_t column) const {
    const float* left = a + size_t{row} * terms;
    const float* right[4];
    for (uint32_t j = 0; j < 4; ++j)
      right[j] = b + size_t{smaller(column + j, columns - 1)} * terms;
    // Each product of a sum waits for the one before it, and one row has few sums.
    constexpr int kOwnParts = R == 1 ? kParts : 1;
    Vector sums[R][4] = {}, others[kOwnParts][4] = {};
    uint32_t d = 0;
    for (; d + kOwnParts * kWidth <= terms; d += kOwnParts * kWidth) {
      PUMICE_UNROLL for (int r = 0; r < R; ++r) {
        const Vector numbers = load<Vector>(left + r * terms + d);
        PUMICE_UNROLL for (int j = 0; j < 4; ++j) {
          sums[r][j] = multiply_add(numbers, load<Vector>(right[j] + d), sums[r][j]);
        }
      }
      PUMICE_UNROLL for (int p = 1; p < kOwnParts; ++p) {
        const Vector numbers = load<Vector>(left + d + p * kWidth);
        PUMICE_UNROLL for (int j = 0; j < 4; ++j) {
          others[p][j] =
              multiply_add(numbers, load<Vector>(right[j] + d + p * kWidth), others[p][j]);
        }
      }
    }
    for (int p = 1; p < kOwnParts; ++p) {
      for (int j = 0; j < 4; ++j) sums[0][j] += others[p][j];
    }
    for (int r = 0; r < R; ++r) {
      Quad total = totals(sums[r]);
      for (uint32_t e = d; e < terms; ++e) {
        for (int j = 0; j < 4; ++j) total[j] += left[r * terms + e] * right[j][e];
      }
      put(total, row + r, column);
    }
  }

  /// The sum of the numbers of each vector.
  PUMICE_CORE static Quad totals(const Vector* sums) {
    float parts[4][4], turned[4][4];
    const float* lines[4];
    for (int j = 0; j < 4; ++j) {
      float lanes[kWidth];
      store(lanes, sums[j]);
      Quad part = load<Quad>(lanes);
      for (int i = 4; i < kWidth; i += 4) part += load<Quad>(lanes + i);
      store(parts[j], part);
      lines[j] = parts[j];
    }
    transpose_four(lines, 0, turned[0], 4);
    return (load<Quad>(turned[0]) + load<Quad>(turned[1])) +
           (load<Quad>(turned[2]) + load<Quad>(turned[3]));
  }

  PUMICE_CORE void put(Quad sums, uint32_t row, uint32_t column) const {
    const uint32_t count = smaller(4, columns - column);
    float* to = c.c + row * c.stride + column;
    for (uint32_t j = 0; j < count; ++j) to[j] = sums[j];
    c.finish(to, column, count);
  }
};

}  // namespace pumice::kernels::PUMICE_CPU_SET::cores
