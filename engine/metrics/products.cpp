#include "engine/metrics/products.h"

#include <algorithm>

#include "engine/base/divide_up.h"
#include "engine/base/parallel.h"
#include "engine/metrics/eigen_products.h"
#include "engine/metrics/products_avx2.h"

namespace pumice::metrics {
namespace {

// Built for a generic processor, Eigen would not use the wide vector units of current ones.
template <typename Number>
void multiply(std::span<const Number> a, std::span<const Number> b, size_t depth,
              std::span<Number> out) {
#ifdef PUMICE_AVX2
  static const bool has = __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
  if (has) return avx2::multiply_rows(a, b, depth, out);
#endif
  multiply_by_eigen(a, b, depth, out);
}

}  // namespace

void multiply_rows(std::span<const float> a, std::span<const float> b, size_t depth,
                   std::span<float> out) {
  multiply(a, b, depth, out);
}

void multiply_rows(std::span<const double> a, std::span<const double> b, size_t depth,
                   std::span<double> out) {
  multiply(a, b, depth, out);
}

std::vector<double> multiply_rows(std::span<const double> a, std::span<const double> b,
                                  size_t depth) {
  const size_t rows = a.size() / depth;
  const size_t columns = b.size() / depth;
  std::vector<double> out(rows * columns);
  in_parallel(divide_up(rows, kRowsAtOnce), [&](size_t block) {
    const size_t first = block * kRowsAtOnce;
    const size_t count = std::min(kRowsAtOnce, rows - first);
    multiply_rows(a.subspan(first * depth, count * depth), b, depth,
                  std::span(out).subspan(first * columns, count * columns));
  });
  return out;
}

}  // namespace pumice::metrics
