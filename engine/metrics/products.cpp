#include "engine/metrics/products.h"

#include <algorithm>
#include <array>
#include <cstring>

#include "engine/base/parallel.h"

#ifdef __x86_64__
#include <immintrin.h>
#endif

// Built for any CPU of its kind, Eigen would leave three quarters of a present one idle: so here is
// the one loop that matters, compiled twice, with and without AVX2, and chosen at run time.
namespace pumice::metrics {
namespace {

constexpr size_t kTileRows = 4;
template <typename Number>
constexpr size_t kTileColumns = 64 / sizeof(Number);

template <typename Number>
using Rows = std::array<const Number*, kTileRows>;
template <typename Number>
using Tile = std::array<Number, kTileRows * kTileColumns<Number>>;

// All of them sum rows · panel over `depth`; the last in vectors that any CPU of 64 bits has.
#ifdef __x86_64__
[[gnu::target("avx2,fma")]] void multiply_tile_avx2(const Rows<float>& rows, const float* panel,
                                                    size_t depth, Tile<float>& tile) {
  __m256 sums[kTileRows][2] = {};
  for (size_t k = 0; k < depth; ++k, panel += 16) {
    const __m256 left = _mm256_loadu_ps(panel);
    const __m256 right = _mm256_loadu_ps(panel + 8);
#pragma GCC unroll 4
    for (size_t row = 0; row < kTileRows; ++row) {
      const __m256 value = _mm256_set1_ps(rows[row][k]);
      sums[row][0] = _mm256_fmadd_ps(value, left, sums[row][0]);
      sums[row][1] = _mm256_fmadd_ps(value, right, sums[row][1]);
    }
  }
  std::memcpy(tile.data(), sums, sizeof(sums));
}

[[gnu::target("avx2,fma")]] void multiply_tile_avx2(const Rows<double>& rows, const double* panel,
                                                    size_t depth, Tile<double>& tile) {
  __m256d sums[kTileRows][2] = {};
  for (size_t k = 0; k < depth; ++k, panel += 8) {
    const __m256d left = _mm256_loadu_pd(panel);
    const __m256d right = _mm256_loadu_pd(panel + 4);
#pragma GCC unroll 4
    for (size_t row = 0; row < kTileRows; ++row) {
      const __m256d value = _mm256_set1_pd(rows[row][k]);
      sums[row][0] = _mm256_fmadd_pd(value, left, sums[row][0]);
      sums[row][1] = _mm256_fmadd_pd(value, right, sums[row][1]);
    }
  }
  std::memcpy(tile.data(), sums, sizeof(sums));
}

bool has_avx2() {
  static const bool has = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  return has;
}
#endif

template <typename Number>
void multiply_tile(const Rows<Number>& rows, const Number* panel, size_t depth,
                   Tile<Number>& tile) {
#ifdef __x86_64__
  if (has_avx2()) return multiply_tile_avx2(rows, panel, depth, tile);
#endif
  typedef Number Vector __attribute__((vector_size(16)));
  constexpr size_t kVectors = 4;
  Vector sums[kTileRows][kVectors] = {};
  for (size_t k = 0; k < depth; ++k) {
    Vector columns[kVectors];
    std::memcpy(columns, panel + k * kTileColumns<Number>, sizeof(columns));
#pragma GCC unroll 4
    for (size_t row = 0; row < kTileRows; ++row) {
#pragma GCC unroll 4
      for (size_t i = 0; i < kVectors; ++i) sums[row][i] += rows[row][k] * columns[i];
    }
  }
  std::memcpy(tile.data(), sums, sizeof(sums));
}

constexpr size_t kBlockRows = 64;

}  // namespace

template <typename Number>
PackedRows<Number>::PackedRows(std::span<const Number> rows, size_t depth)
    : count_(rows.size() / depth), depth_(depth) {
  constexpr size_t kWidth = kTileColumns<Number>;
  panels_.resize((count_ + kWidth - 1) / kWidth * kWidth * depth);
  for (size_t row = 0; row < count_; ++row) {
    Number* panel = &panels_[row / kWidth * kWidth * depth + row % kWidth];
    for (size_t k = 0; k < depth; ++k) panel[k * kWidth] = rows[row * depth + k];
  }
}

template <typename Number>
void PackedRows<Number>::multiply(std::span<const Number> a, std::span<Number> out) const {
  constexpr size_t kWidth = kTileColumns<Number>;
  const size_t a_count = a.size() / depth_;
  Tile<Number> tile;
  for (size_t column = 0; column < count_; column += kWidth) {
    const size_t columns = std::min(kWidth, count_ - column);
    for (size_t row = 0; row < a_count; row += kTileRows) {
      Rows<Number> rows;
      for (size_t i = 0; i < kTileRows; ++i) {
        rows[i] = a.data() + std::min(row + i, a_count - 1) * depth_;
      }
      multiply_tile(rows, panels_.data() + column * depth_, depth_, tile);
      for (size_t i = 0; i < std::min(kTileRows, a_count - row); ++i) {
        std::copy_n(tile.data() + i * kWidth, columns, out.data() + (row + i) * count_ + column);
      }
    }
  }
}

template class PackedRows<float>;
template class PackedRows<double>;

std::vector<double> multiply_rows(std::span<const double> a, std::span<const double> b,
                                  size_t depth) {
  const PackedRows<double> packed(b, depth);
  const size_t count = a.size() / depth;
  std::vector<double> out(count * packed.count());
  in_parallel((count + kBlockRows - 1) / kBlockRows, [&](size_t block) {
    const size_t first = block * kBlockRows;
    const size_t rows = std::min(kBlockRows, count - first);
    packed.multiply(a.subspan(first * depth, rows * depth),
                    std::span(out).subspan(first * packed.count(), rows * packed.count()));
  });
  return out;
}

}  // namespace pumice::metrics
