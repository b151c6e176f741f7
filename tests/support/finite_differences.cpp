#include "tests/support/finite_differences.h"

#include <gtest/gtest.h>

#include <cmath>
#include <set>

namespace pumice::test {
namespace {

// In double precision these balance truncation errors and rounding errors.
constexpr double kStep = 1e-5;
constexpr double kSecondStep = 3e-4;  // a difference of differences

constexpr size_t kElementsChecked = 16;

/// Both ends, their neighbours, and some in between.
std::set<size_t> elements_to_check(size_t size, std::mt19937& random) {
  std::set<size_t> chosen;
  for (size_t i = 0; i < std::min<size_t>(size, 2); ++i) chosen.insert({i, size - 1 - i});
  while (chosen.size() < std::min(size, kElementsChecked)) chosen.insert(random() % size);
  return chosen;
}

}  // namespace

double Differences::loss() const {
  const Array y = reference_(arrays_);
  double total = 0;
  for (size_t i = 0; i < y.values.size(); ++i) total += weights_.values[i] * y.values[i];
  return total;
}

double Differences::slope(const Arrays& directions, double step) {
  auto move = [&](double length) {
    for (size_t v = 0; v < variables_.size(); ++v) {
      std::vector<double>& values = arrays_[variables_[v]].values;
      for (size_t i = 0; i < values.size(); ++i) values[i] += length * directions[v].values[i];
    }
  };
  const Arrays unmoved = arrays_;
  move(step);
  const double above = loss();
  arrays_ = unmoved;
  move(-step);
  const double below = loss();
  arrays_ = unmoved;
  return (above - below) / (2 * step);
}

void Differences::check(size_t which, const Scalar& scalar, double step,
                        const std::vector<float>& gradient, Tolerance tolerance) {
  std::vector<double>& values = arrays_[variables_[which]].values;
  ASSERT_EQ(gradient.size(), values.size());
  std::mt19937 random(static_cast<uint32_t>(values.size()));
  auto difference = [&](const std::vector<double>& direction) {
    const std::vector<double> unmoved = values;
    for (size_t i = 0; i < values.size(); ++i) values[i] = unmoved[i] + step * direction[i];
    const double above = scalar();
    for (size_t i = 0; i < values.size(); ++i) values[i] = unmoved[i] - step * direction[i];
    const double below = scalar();
    values = unmoved;
    return (above - below) / (2 * step);
  };

  std::vector<double> direction(values.size(), 0);
  for (size_t element : elements_to_check(values.size(), random)) {
    direction[element] = 1;
    const double wanted = difference(direction);
    direction[element] = 0;
    EXPECT_NEAR(gradient[element], wanted,
                tolerance.relative * std::abs(wanted) + tolerance.absolute)
        << "element " << element;
  }
  double along = 0, size = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    direction[i] = random() % 2 == 0 ? 1 : -1;
    along += direction[i] * gradient[i];
    size += std::abs(gradient[i]);
  }
  EXPECT_NEAR(along, difference(direction), tolerance.relative * size + tolerance.absolute)
      << "along a random direction";
}

void Differences::check_gradient(size_t which, const std::vector<float>& gradient,
                                 Tolerance tolerance) {
  check(
      which, [&] { return loss(); }, kStep, gradient, tolerance);
}

void Differences::check_second_gradient(size_t which, const Arrays& directions,
                                        const std::vector<float>& gradient, Tolerance tolerance) {
  check(
      which, [&] { return slope(directions, kSecondStep); }, kSecondStep, gradient, tolerance);
}

void expect_close(const std::vector<float>& got, const std::vector<double>& wanted,
                  Tolerance tolerance, std::string_view what) {
  ASSERT_EQ(got.size(), wanted.size()) << what;
  size_t wrong = 0, first = 0;
  for (size_t i = 0; i < got.size(); ++i) {
    double allowed = tolerance.relative * std::abs(wanted[i]) + tolerance.absolute;
    bool is_close = std::isnan(wanted[i])
                        ? std::isnan(got[i])
                        : std::abs(got[i] - wanted[i]) <= allowed;  // false for NaN
    if (!is_close && wrong++ == 0) first = i;
  }
  EXPECT_EQ(wrong, 0u) << what << ": " << wrong << " of " << got.size()
                       << " values are off; the first at " << first << ": got " << got[first]
                       << ", wanted " << wanted[first];
}

}  // namespace pumice::test
