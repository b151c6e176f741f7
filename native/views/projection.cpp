#include "native/views/projection.h"

#include <Eigen/Cholesky>
#include <Eigen/Eigenvalues>

namespace pumice::views {
namespace {

using Rows = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

Eigen::MatrixXd matrix_of(std::span<const float> rows, uint32_t size) {
  const auto count = static_cast<Eigen::Index>(rows.size() / size);
  return Eigen::Map<const Rows>(rows.data(), count, size).cast<double>();
}

// `axes`: columns.
Projection projection_of(const Eigen::RowVectorXd& mean, const Eigen::MatrixXd& axes) {
  return {.mean = {mean.begin(), mean.end()},
          .axes = {axes.data(), axes.data() + axes.size()}};  // by columns
}

Eigen::RowVectorXd mean_of(const Eigen::MatrixXd& rows) {
  if (rows.rows() == 0) return Eigen::RowVectorXd::Zero(rows.cols());
  return rows.colwise().mean();
}

// The eigenvectors of the two largest eigenvalues.
Eigen::MatrixXd largest_two(const Eigen::MatrixXd& symmetric) {
  const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> solver(symmetric);
  return solver.eigenvectors().rightCols<2>().rowwise().reverse();
}

// With fewer rows than columns, the eigenvectors u of X·Xᵀ, which is smaller than Xᵀ·X, give its as
// Xᵀ·u. Makes each vector's largest entry positive: its sign is arbitrary.
Eigen::MatrixXd principal_axes(const Eigen::MatrixXd& centred) {
  const bool is_wide = centred.rows() > 1 && centred.rows() < centred.cols();
  Eigen::MatrixXd axes = is_wide ? centred.transpose() * largest_two(centred * centred.transpose())
                                 : largest_two(centred.transpose() * centred);
  for (Eigen::Index i = 0; i < 2; ++i) {
    axes.col(i).normalize();  // leaves zeros as they are
    Eigen::Index largest = 0;
    axes.col(i).cwiseAbs().maxCoeff(&largest);
    if (axes(largest, i) < 0) axes.col(i) *= -1;
  }
  return axes;
}

}  // namespace

std::array<double, 2> Projection::place(std::span<const float> x) const {
  std::array<double, 2> place{};
  for (size_t axis = 0; axis < 2; ++axis) {
    for (size_t i = 0; i < x.size(); ++i) {
      place[axis] += axes[axis * x.size() + i] * (static_cast<double>(x[i]) - mean[i]);
    }
  }
  return place;
}

Projection principal_projection(std::span<const float> rows, uint32_t size) {
  const Eigen::MatrixXd all = matrix_of(rows, size);
  const Eigen::RowVectorXd mean = mean_of(all);
  return projection_of(mean, principal_axes(all.rowwise() - mean));
}

Projection fitted_projection(std::span<const float> rows, uint32_t size,
                             std::span<const float> places) {
  constexpr double kPenalty = 0.01;
  const Eigen::MatrixXd all = matrix_of(rows, size);
  const Eigen::RowVectorXd mean = mean_of(all);
  const Eigen::MatrixXd centred = all.rowwise() - mean;
  Eigen::MatrixXd covariance = centred.transpose() * centred;
  const double penalty = kPenalty * covariance.trace() / size + 1e-12;
  covariance.diagonal().array() += penalty;
  return projection_of(mean, covariance.ldlt().solve(centred.transpose() * matrix_of(places, 2)));
}

}  // namespace pumice::views
