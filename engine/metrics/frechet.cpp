#include "engine/metrics/frechet.h"

#include <Eigen/Eigenvalues>
#include <algorithm>
#include <cmath>
#include <limits>

#include "engine/base/require.h"
#include "engine/metrics/check.h"
#include "engine/metrics/products.h"
#include "engine/metrics/subset.h"

namespace pumice::metrics {
namespace {

using Matrix = Eigen::MatrixXd;  // column-major, which for symmetric matrices equals row-major
using Solver = Eigen::SelfAdjointEigenSolver<Matrix>;

constexpr uint32_t kPoints = 15;
constexpr uint32_t kFewestSamples = 5000;

Solver decompose(const std::vector<double>& symmetric, Eigen::Index size,
                 Eigen::DecompositionOptions options) {
  const Solver solver(Eigen::Map<const Matrix>(symmetric.data(), size, size), options);
  require(solver.info() == Eigen::Success,
          "frechet_distance: the eigenvalues of a {} x {} covariance do not converge", size, size);
  return solver;
}

/// Rows r with covariance = rᵀ·r: eigenvectors times the square roots of their eigenvalues.
/// Directions without variance, whose eigenvalues are rounding errors of either sign, are skipped.
std::vector<double> factor(const Gaussian& gaussian) {
  const Eigen::Index size = gaussian.size;
  const Solver solver = decompose(gaussian.covariance, size, Eigen::ComputeEigenvectors);
  const auto& values = solver.eigenvalues();  // ascending
  const double noise = values[size - 1] * gaussian.size * std::numeric_limits<double>::epsilon();
  std::vector<double> rows;
  for (Eigen::Index i = 0; i < size; ++i) {
    if (values[i] <= noise) continue;
    const Eigen::VectorXd row = solver.eigenvectors().col(i) * std::sqrt(values[i]);
    rows.insert(rows.end(), row.data(), row.data() + size);
  }
  return rows;
}

/// tr sqrt(C·C') for C = rowsᵀ·rows: the eigenvalues of C·C' are those of the symmetric
/// rows·C'·rowsᵀ.
double trace_of_root(const std::vector<double>& rows, const Gaussian& other) {
  if (rows.empty()) return 0;
  const std::vector<double> half = multiply_rows(rows, other.covariance, other.size);
  const std::vector<double> product = multiply_rows(half, rows, other.size);
  const auto rank = static_cast<Eigen::Index>(rows.size() / other.size);
  return decompose(product, rank, Eigen::EigenvaluesOnly)
      .eigenvalues()
      .cwiseMax(0)
      .cwiseSqrt()
      .sum();
}

double trace(const Gaussian& gaussian) {
  double sum = 0;
  for (size_t i = 0; i < gaussian.size; ++i) sum += gaussian.covariance[i * (gaussian.size + 1)];
  return sum;
}

/// `rows`: the result of factor(one).
double distance(const Gaussian& one, const std::vector<double>& rows, const Gaussian& other) {
  double squares = 0;
  for (size_t i = 0; i < one.size; ++i) {
    squares += (one.mean[i] - other.mean[i]) * (one.mean[i] - other.mean[i]);
  }
  return std::max(0.0, squares + trace(one) + trace(other) - 2 * trace_of_root(rows, other));
}

void require_same_size(std::string_view who, uint32_t one, uint32_t other) {
  require(one == other && one > 0,
          "{}: expects features of one extractor, got {} and {} numbers for an image", who, one,
          other);
}

/// The intercept at x = 0 of the least-squares line.
double intercept(const std::vector<double>& x, const std::vector<double>& y) {
  const auto count = static_cast<double>(x.size());
  double mean_x = 0;
  double mean_y = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    mean_x += x[i] / count;
    mean_y += y[i] / count;
  }
  double rise = 0;
  double run = 0;
  for (size_t i = 0; i < x.size(); ++i) {
    rise += (x[i] - mean_x) * (y[i] - mean_y);
    run += (x[i] - mean_x) * (x[i] - mean_x);
  }
  return mean_y - rise / run * mean_x;
}

}  // namespace

double frechet_distance(const Gaussian& one, const Gaussian& other) {
  require_same_size("frechet_distance", one.size, other.size);
  return distance(one, factor(one), other);
}

double frechet_distance_at_infinity(const Gaussian& real, const Features& generated,
                                    uint64_t seed) {
  constexpr std::string_view kWho = "frechet_distance_at_infinity";
  require_features(kWho, generated);
  require_same_size(kWho, real.size, generated.size);
  const uint32_t fewest = std::min(kFewestSamples, generated.count / 2);
  require(fewest > generated.size && generated.count - fewest >= kPoints,
          "{}: expects at least {} samples of {} features, as half of them must suffice, got {}",
          kWho, std::max(2 * (generated.size + 1), 2 * kPoints), generated.size, generated.count);
  const std::vector<double> rows = factor(real);
  std::vector<double> inverse_counts;
  std::vector<double> distances;
  for (uint32_t point = 0; point < kPoints; ++point) {
    const auto count =
        static_cast<uint32_t>(fewest + uint64_t{generated.count - fewest} * point / (kPoints - 1));
    const auto subset = random_subset(generated.count, count, seed, point);
    inverse_counts.push_back(1.0 / count);
    distances.push_back(distance(real, rows, fit_gaussian(take_samples(generated, subset))));
  }
  return intercept(inverse_counts, distances);
}

}  // namespace pumice::metrics
