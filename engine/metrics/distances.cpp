#include "engine/metrics/distances.h"

#include <algorithm>
#include <cmath>

#include "engine/base/divide_up.h"
#include "engine/base/parallel.h"
#include "engine/metrics/products.h"

namespace pumice::metrics {
namespace {

double squared_norm(const float* sample, size_t size) {
  double sum = 0;
  for (size_t i = 0; i < size; ++i) sum += double{sample[i]} * sample[i];
  return sum;
}

}  // namespace

Distances::Distances(const Features& columns) : columns_(columns), squared_norms_(columns.count) {
  for (size_t i = 0; i < columns.count; ++i) {
    squared_norms_[i] = squared_norm(&columns.values[i * columns.size], columns.size);
  }
}

void Distances::for_each(const Features& rows, const std::function<void(const Row&)>& job) const {
  in_parallel(divide_up(rows.count, kRowsAtOnce), [&](size_t block) {
    const size_t first = block * kRowsAtOnce;
    const size_t count = std::min(kRowsAtOnce, rows.count - first);
    std::vector<float> products(count * columns_.count);
    multiply_rows(std::span(rows.values).subspan(first * rows.size, count * rows.size),
                  columns_.values, rows.size, products);
    for (size_t i = 0; i < count; ++i) {
      job(Row(*this, static_cast<uint32_t>(first + i), &rows.values[(first + i) * rows.size],
              &products[i * columns_.count]));
    }
  });
}

Distances::Row::Row(const Distances& distances, uint32_t index, const float* sample,
                    const float* products)
    : distances_(distances),
      index_(index),
      sample_(sample),
      products_(products),
      squared_norm_(squared_norm(sample, distances.columns_.size)) {}

double Distances::Row::rough(uint32_t column) const {
  return squared_norm_ + distances_.squared_norms_[column] - 2.0 * products_[column];
}

/// A sum of n products in single precision has an error of at most n·2⁻²⁴·|x|·|y| (Higham,
/// "Accuracy and stability of numerical algorithms", 3.1) in any order, and 2·|x|·|y| <= |x|² +
/// |y|².
double Distances::Row::rough_error(uint32_t column) const {
  return (distances_.columns_.size + 2) * 0x1p-24 *
         (squared_norm_ + distances_.squared_norms_[column]);
}

double Distances::Row::squared(uint32_t column) const {
  const uint32_t size = distances_.columns_.size;
  const float* other = &distances_.columns_.values[size_t{column} * size];
  double sum = 0;
  for (uint32_t i = 0; i < size; ++i) {
    const double difference = double{sample_[i]} - other[i];
    sum += difference * difference;
  }
  return sum;
}

bool Distances::Row::is_below(uint32_t column, double limit) const {
  const double distance = rough(column);
  const double error = rough_error(column);
  if (std::abs(distance - limit) > error) return distance < limit;
  return squared(column) < limit;
}

std::vector<Neighbour> Distances::Row::nearest(uint32_t k, uint32_t except) const {
  std::vector<double> farthest;  // upper bound of each distance
  farthest.reserve(count());
  for (uint32_t i = 0; i < count(); ++i) {
    if (i != except) farthest.push_back(rough(i) + rough_error(i));
  }
  k = std::min(k, static_cast<uint32_t>(farthest.size()));
  if (k == 0) return {};
  std::nth_element(farthest.begin(), farthest.begin() + k - 1, farthest.end());
  std::vector<Neighbour> found;
  for (uint32_t i = 0; i < count(); ++i) {
    if (i == except || rough(i) - rough_error(i) > farthest[k - 1]) continue;
    found.push_back({i, std::sqrt(squared(i))});
  }
  std::stable_sort(found.begin(), found.end(),
                   [](const Neighbour& a, const Neighbour& b) { return a.distance < b.distance; });
  found.resize(k);
  return found;
}

}  // namespace pumice::metrics
