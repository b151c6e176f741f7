#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace pumice::metrics {

/// Block size: large enough to amortize packing the other operand, small enough for the result to
/// stay in cache.
inline constexpr size_t kRowsAtOnce = 256;

/// a [m, depth] · b [n, depth]ᵀ → [m, n] into `out`, on this thread.
void multiply_rows(std::span<const float> a, std::span<const float> b, size_t depth,
                   std::span<float> out);
void multiply_rows(std::span<const double> a, std::span<const double> b, size_t depth,
                   std::span<double> out);

/// The same, on several threads.
std::vector<double> multiply_rows(std::span<const double> a, std::span<const double> b,
                                  size_t depth);

}  // namespace pumice::metrics
