#include "engine/metrics/products.h"

#include <gtest/gtest.h>

#include <cmath>

#include "engine/base/philox.h"

namespace pumice::metrics {
namespace {

template <typename Number>
std::vector<Number> random_matrix(size_t size, uint32_t stream) {
  PhiloxStream random(3, stream);
  std::vector<Number> values(size);
  for (Number& value : values) value = static_cast<Number>(random.normal());
  return values;
}

template <typename Number>
void expect_product(size_t m, size_t n, size_t depth, double tolerance) {
  const auto a = random_matrix<Number>(m * depth, 1);
  const auto b = random_matrix<Number>(n * depth, 2);
  std::vector<Number> out(m * n);
  multiply_rows(a, b, depth, out);
  for (size_t i = 0; i < m; ++i) {
    for (size_t j = 0; j < n; ++j) {
      double sum = 0;
      for (size_t k = 0; k < depth; ++k) sum += double{a[i * depth + k]} * b[j * depth + k];
      ASSERT_NEAR(out[i * n + j], sum, tolerance * std::sqrt(depth))
          << m << " " << n << " " << depth;
    }
  }
}

TEST(Products, OfAnySize) {
  for (size_t m : {1, 3, 4, 5, 8}) {
    for (size_t n : {1, 7, 8, 9, 15, 16, 17, 33}) {
      for (size_t depth : {1, 2, 31}) {
        expect_product<float>(m, n, depth, 1e-6);
        expect_product<double>(m, n, depth, 1e-14);
      }
    }
  }
}

TEST(Products, OnSeveralThreads) {
  const auto a = random_matrix<double>((kRowsAtOnce + 3) * 5, 1);
  const auto b = random_matrix<double>(10 * 5, 2);
  std::vector<double> expected((kRowsAtOnce + 3) * 10);
  multiply_rows(a, b, 5, expected);
  const std::vector<double> found = multiply_rows(a, b, 5);
  for (size_t i = 0; i < expected.size(); ++i) EXPECT_NEAR(found[i], expected[i], 1e-12);
}

}  // namespace
}  // namespace pumice::metrics
