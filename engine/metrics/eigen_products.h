#pragma once

#include <Eigen/Core>
#include <span>

namespace pumice::metrics {

/// a [m, depth] · b [n, depth]ᵀ → [m, n] into `out`. Static, because several files compile it for
/// different processors.
template <typename Number>
static void multiply_by_eigen(std::span<const Number> a, std::span<const Number> b, size_t depth,
                              std::span<Number> out) {
  using Matrix = Eigen::Matrix<Number, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
  const auto rows = static_cast<Eigen::Index>(a.size() / depth);
  const auto columns = static_cast<Eigen::Index>(b.size() / depth);
  const auto size = static_cast<Eigen::Index>(depth);
  Eigen::Map<Matrix>(out.data(), rows, columns).noalias() =
      Eigen::Map<const Matrix>(a.data(), rows, size) *
      Eigen::Map<const Matrix>(b.data(), columns, size).transpose();
}

}  // namespace pumice::metrics
