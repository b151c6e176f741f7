#pragma once

#include <cstddef>
#include <span>
#include <vector>

namespace pumice::metrics {

/// A matrix whose rows are multiplied with those of others, packed for that: in panels of a few
/// rows each, so that a product reads memory in order. `Number` is float or double.
template <typename Number>
class PackedRows {
 public:
  /// rows [count, depth].
  PackedRows(std::span<const Number> rows, size_t depth);

  size_t count() const { return count_; }
  size_t depth() const { return depth_; }

  /// a [m, depth] → a · rowsᵀ [m, count] into `out`. May be called from several threads.
  void multiply(std::span<const Number> a, std::span<Number> out) const;

 private:
  size_t count_;
  size_t depth_;
  std::vector<Number> panels_;  ///< [panels, depth, rows of a panel], zeros beyond the last row
};

/// a [m, depth] · b [n, depth]ᵀ → [m, n], on several threads.
std::vector<double> multiply_rows(std::span<const double> a, std::span<const double> b,
                                  size_t depth);

}  // namespace pumice::metrics
