// Compiled with -mavx2 -mfma where available. Renames Eigen's namespace, because the linker would
// otherwise merge its functions with those of the generic build, which must run on other
// processors.
#ifdef __AVX2__
#define Eigen EigenAvx2
#include "engine/metrics/products_avx2.h"

#include "engine/metrics/eigen_products.h"

namespace pumice::metrics::avx2 {

void multiply_rows(std::span<const float> a, std::span<const float> b, size_t depth,
                   std::span<float> out) {
  multiply_by_eigen(a, b, depth, out);
}

void multiply_rows(std::span<const double> a, std::span<const double> b, size_t depth,
                   std::span<double> out) {
  multiply_by_eigen(a, b, depth, out);
}

}  // namespace pumice::metrics::avx2
#endif
