#pragma once

#include "engine/hal/cpu/cores/panels/matrices.h"

namespace pumice::kernels::PUMICE_CPU_SET::cores {

/// With more rows, packing B pays off.
constexpr uint32_t kFewRows = 8;

/// C = A·Bᵀ with few rows, such as those of a batch of one: rows of A and of B are multiplied in
/// place. `C` has a `stride` and finish() like Result.
template <class C>
struct FewRows {
  const float* a;
  const float* b;
  uint32_t rows, columns, terms;
  C c;

  void compute(uint32_t column, uint32_t end) const {
    for (; column < end; column += 4) {
      uint32_t row = 0;
      for (; row + kRowsAtOnce <= rows; row += kRowsAtOnce) add_products<kRowsAtOnce>(row, column);
      if constexpr (kRowsAtOnce > 2) {
        if (row + 2 <= rows) add_products<2>(row, column), row += 2;
      }
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
    Vector sums[R][4];
    constexpr int kColumnsAtOnce = R == 1 ? kColumnsOfOneRow : 4;
    PUMICE_UNROLL for (int j = 0; j < 4; j += kColumnsAtOnce) {
      add_vectors<R, kColumnsAtOnce>(left, right + j, sums, j);
    }
    for (int r = 0; r < R; ++r) {
      Quad total = totals(sums[r]);
      for (uint32_t e = terms / kWidth * kWidth; e < terms; ++e) {
        for (int j = 0; j < 4; ++j) total[j] += left[r * terms + e] * right[j][e];
      }
      put(total, row + r, column);
    }
  }

  /// Sets columns j ... j + J - 1 of `sums` to the products of whole vectors. Each product of a sum
  /// waits for the one before it, so fewer than four sums are added up in several parts.
  template <int R, int J>
  PUMICE_CORE void add_vectors(const float* left, const float* const* right, Vector (*sums)[4],
                               int j) const {
    constexpr int kParts = R * J < 4 ? 4 : 1;
    Vector parts[kParts][R][J] = {};
    uint32_t d = 0;
    for (; d + kParts * kWidth <= terms; d += kParts * kWidth) {
      PUMICE_UNROLL for (int p = 0; p < kParts; ++p) {
        add_vector<R, J>(left + d + p * kWidth, right, d + p * kWidth, parts[p]);
      }
    }
    for (; d + kWidth <= terms; d += kWidth) add_vector<R, J>(left + d, right, d, parts[0]);
    for (int r = 0; r < R; ++r) {
      for (int i = 0; i < J; ++i) {
        sums[r][j + i] = parts[0][r][i];
        for (int p = 1; p < kParts; ++p) sums[r][j + i] += parts[p][r][i];
      }
    }
  }

  template <int R, int J>
  PUMICE_CORE void add_vector(const float* left, const float* const* right, uint32_t d,
                              Vector (*sums)[J]) const {
    Vector numbers[J];
    PUMICE_UNROLL for (int i = 0; i < J; ++i) numbers[i] = load<Vector>(right[i] + d);
    PUMICE_UNROLL for (int r = 0; r < R; ++r) {
      const Vector row = load<Vector>(left + r * terms);
      PUMICE_UNROLL for (int i = 0; i < J; ++i) {
        sums[r][i] = multiply_add(row, numbers[i], sums[r][i]);
      }
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

/// A result of one column, for FewRows: its row.
struct Column {
  float* c;
  Epilogue epilogue;
  size_t stride = 0;

  PUMICE_CORE void finish(float* sums, uint32_t /*row*/, uint32_t count) const {
    for (uint32_t i = 0; i < count; ++i) epilogue.apply(sums + i, 0, 1);
  }
};

}  // namespace pumice::kernels::PUMICE_CPU_SET::cores
