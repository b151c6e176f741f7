#pragma once

#include "engine/hal/cpu/cores/panels/vectors.h"

/// The innermost loops: a block of sums in registers, from a strip of A and a panel of B.
namespace pumice::kernels::PUMICE_CPU_SET::cores {

/// Adds the products of `depth` terms, a multiple of four, to c[0 ... R - 1][0 ... N · kWidth - 1];
/// or stores them there if `is_first`. `panel` holds N · kWidth floats for each term, `strip` R
/// floats for each term, or with kFours, four terms of each of R rows at a time.
template <int R, int N, bool kFours>
static __attribute__((noinline)) void add_products_of(const float* strip, const float* panel,
                                                      uint32_t depth, float* const* c,
                                                      bool is_first) {
  Vector sums[R][N];
  PUMICE_UNROLL for (int r = 0; r < R; ++r) {
    __builtin_prefetch(c[r], 1);
    PUMICE_UNROLL for (int v = 0; v < N; ++v) sums[r][v] = Vector{};
  }
  for (uint32_t d = 0; d < depth; d += 4, strip += 4 * R, panel += 4 * N * kWidth) {
    PUMICE_UNROLL for (int i = 0; i < 4; ++i) {
      Vector right[N];
      PUMICE_UNROLL for (int v = 0; v < N; ++v) {
        right[v] = load<Vector>(panel + (i * N + v) * kWidth);
      }
      PUMICE_UNROLL for (int r = 0; r < R; ++r) {
        const Vector left = splat(strip[kFours ? 4 * r + i : i * R + r]);
        PUMICE_UNROLL for (int v = 0; v < N; ++v) {
          sums[r][v] = multiply_add(left, right[v], sums[r][v]);
        }
      }
    }
  }
  PUMICE_UNROLL for (int r = 0; r < R; ++r) {
    PUMICE_UNROLL for (int v = 0; v < N; ++v) {
      float* to = c[r] + v * kWidth;
      store(to, is_first ? sums[r][v] : load<Vector>(to) + sums[r][v]);
    }
  }
}

/// The same for a number of rows and vectors known only here.
template <bool kFours, int R = kRows, int N = kVectors>
PUMICE_CORE void add_products(int rows, int vectors, const float* strip, const float* panel,
                              uint32_t depth, float* const* c, bool is_first) {
  if constexpr (N > 1) {
    if (vectors < N) {
      return add_products<kFours, R, N - 1>(rows, vectors, strip, panel, depth, c, is_first);
    }
  }
  if constexpr (R > 1) {
    if (rows < R) {
      return add_products<kFours, R - 1, N>(rows, vectors, strip, panel, depth, c, is_first);
    }
  }
  add_products_of<R, N, kFours>(strip, panel, depth, c, is_first);
}

}  // namespace pumice::kernels::PUMICE_CPU_SET::cores
