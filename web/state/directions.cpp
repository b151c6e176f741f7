#include "web/state/directions.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace pumice::web {
namespace {

constexpr int kMostIterations = 300;
constexpr double kConverged = 1e-10;   // squared change of the eigenvector
constexpr double kNegligible = 1e-6;   // of the largest eigenvalue
constexpr int kRestoringSweeps = 200;  // Gauss-Seidel; one is enough for orthogonal directions
constexpr float kRestored = 1e-5f;

double normalize(std::vector<double>& vector) {
  const double norm =
      std::sqrt(std::inner_product(vector.begin(), vector.end(), vector.begin(), 0.0));
  if (norm > 0) {
    for (double& value : vector) value /= norm;
  }
  return norm;
}

std::vector<double> product(std::span<const double> matrix, const std::vector<double>& vector) {
  std::vector<double> result(vector.size());
  for (size_t row = 0; row < vector.size(); ++row) {
    const double* values = &matrix[row * vector.size()];
    result[row] = std::inner_product(vector.begin(), vector.end(), values, 0.0);
  }
  return result;
}

// Starts from the column with the largest diagonal element, which the leading eigenvector cannot be
// orthogonal to unless the column is an eigenvector itself.
std::vector<double> first_guess(std::span<const double> matrix, uint32_t size) {
  uint32_t largest = 0;
  for (uint32_t i = 1; i < size; ++i) {
    if (matrix[size_t{i} * size + i] > matrix[size_t{largest} * size + largest]) largest = i;
  }
  const double* column = &matrix[size_t{largest} * size];
  return {column, column + size};
}

/// Turns `vector` into the leading eigenvector; returns its eigenvalue.
double iterate(std::span<const double> matrix, std::vector<double>& vector) {
  double value = normalize(vector);
  for (int i = 0; i < kMostIterations && value > 0; ++i) {
    std::vector<double> next = product(matrix, vector);
    value = normalize(next);
    double change = 0;
    for (size_t k = 0; k < next.size(); ++k)
      change += (next[k] - vector[k]) * (next[k] - vector[k]);
    vector = std::move(next);
    if (change < kConverged) break;
  }
  return value;
}

void deflate(std::span<double> matrix, const std::vector<double>& vector, double value) {
  const size_t size = vector.size();
  for (size_t row = 0; row < size; ++row) {
    for (size_t column = 0; column < size; ++column) {
      matrix[row * size + column] -= value * vector[row] * vector[column];
    }
  }
}

Direction signed_direction(const std::vector<double>& vector) {
  const auto largest =
      std::ranges::max_element(vector, {}, [](double component) { return std::abs(component); });
  const double sign = *largest < 0 ? -1 : 1;
  Direction direction;
  for (double component : vector) direction.push_back(static_cast<float>(sign * component));
  return direction;
}

}  // namespace

std::vector<double> gram_matrix(std::span<const float> matrix, uint32_t columns) {
  std::vector<double> gram(size_t{columns} * columns);
  for (; !matrix.empty(); matrix = matrix.subspan(columns)) {
    for (size_t i = 0; i < columns; ++i) {
      for (size_t k = i; k < columns; ++k) gram[i * columns + k] += matrix[i] * matrix[k];
    }
  }
  for (size_t i = 0; i < columns; ++i) {
    for (size_t k = 0; k < i; ++k) gram[i * columns + k] = gram[k * columns + i];
  }
  return gram;
}

std::vector<Direction> leading_eigenvectors(std::vector<double> matrix, uint32_t size,
                                            uint32_t count) {
  std::vector<Direction> directions;
  double largest = 0;
  for (uint32_t i = 0; i < std::min(count, size); ++i) {
    std::vector<double> vector = first_guess(matrix, size);
    const double value = iterate(matrix, vector);
    if (i == 0) largest = value;
    if (!(value > kNegligible * largest)) break;
    deflate(matrix, vector, value);
    directions.push_back(signed_direction(vector));
  }
  return directions;
}

float coordinate(std::span<const float> point, const Direction& direction) {
  return std::inner_product(point.begin(), point.end(), direction.begin(), 0.0f);
}

void set_coordinate(std::span<float> point, const Direction& direction, float value) {
  const float step = value - coordinate(point, direction);
  for (size_t i = 0; i < point.size(); ++i) point[i] += step * direction[i];
}

void restore_coordinates(std::span<float> point, std::span<const float> before,
                         std::span<const Direction> kept) {
  for (int sweep = 0; sweep < kRestoringSweeps; ++sweep) {
    float apart = 0;
    for (const Direction& direction : kept) {
      const float wanted = coordinate(before, direction);
      apart = std::max(apart, std::abs(wanted - coordinate(point, direction)));
      set_coordinate(point, direction, wanted);
    }
    if (apart < kRestored) return;
  }
}

}  // namespace pumice::web
