#pragma once

#include <span>

namespace pumice::metrics::avx2 {

/// Like pumice::metrics::multiply_rows, for processors with AVX2 and FMA.
void multiply_rows(std::span<const float> a, std::span<const float> b, size_t depth,
                   std::span<float> out);
void multiply_rows(std::span<const double> a, std::span<const double> b, size_t depth,
                   std::span<double> out);

}  // namespace pumice::metrics::avx2
