#pragma once

#include <stddef.h>

#include "engine/hal/cpu/cores/panels/vectors.h"

/// The innermost loops: a block of sums in registers, from a strip of A and a panel of B.
namespace pumice::kernels::PUMICE_CPU_SET::cores {

/// The order of the numbers of a strip of R rows.
enum class Order {
  kTerms,    ///< R numbers of a term, then those of the next
  kFours,    ///< four terms of each row at a time
  kInPlace,  ///< row by row
};

/// R rows of A.
struct Strip {
  const float* first;
  size_t stride;  // of rows in place
};

/// Adds the products of `depth` terms, a multiple of four, to c[0 ... R - 1][0 ... N · kWidth - 1];
/// or stores them there if `is_first`. `panel` holds N · kWidth numbers of each term.
template <int R, int N, Order kOrder>
static __attribute__((noinline)) void add_products_of(const Strip& rows, const float* panel,
                                                      uint32_t depth, float* const* c,
                                                      bool is_first) {
  const float* strip = rows.first;
  const size_t stride = kOrder == Order::kInPlace ? rows.stride : kOrder == Order::kFours ? 4 : 1;
  // One row has both alike. NOLINTNEXTLINE(bugprone-branch-clone)
  const size_t step = kOrder == Order::kTerms ? R : 1;
  Vector sums[R][N];
  PUMICE_UNROLL for (int r = 0; r < R; ++r) {
    __builtin_prefetch(c[r], 1);
    __builtin_prefetch(c[r] + N * kWidth - 1, 1);
    PUMICE_UNROLL for (int v = 0; v < N; ++v) sums[r][v] = Vector{};
  }
  for (uint32_t d = 0; d < depth;
       d += 4, strip += kOrder == Order::kInPlace ? 4 : 4 * R, panel += 4 * N * kWidth) {
    PUMICE_UNROLL for (int i = 0; i < 4; ++i) {
      Vector right[N];
      PUMICE_UNROLL for (int v = 0; v < N; ++v) {
        right[v] = load<Vector>(panel + (i * N + v) * kWidth);
      }
      PUMICE_UNROLL for (int r = 0; r < R; ++r) {
        const Vector left = splat(strip[r * stride + i * step]);
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
template <Order kOrder, int R = kRows, int N = kVectors>
PUMICE_CORE void add_products(int rows, int vectors, const Strip& strip, const float* panel,
                              uint32_t depth, float* const* c, bool is_first) {
  if constexpr (N > 1) {
    if (vectors < N) {
      return add_products<kOrder, R, N - 1>(rows, vectors, strip, panel, depth, c, is_first);
    }
  }
  if constexpr (R > 1) {
    if (rows < R) {
      return add_products<kOrder, R - 1, N>(rows, vectors, strip, panel, depth, c, is_first);
    }
  }
  add_products_of<R, N, kOrder>(strip, panel, depth, c, is_first);
}

}  // namespace pumice::kernels::PUMICE_CPU_SET::cores
