#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace pumice::web {

/// The 100 most recent values of a quantity.
class Statistics {
 public:
  void add(double value) { values_[count_++ % values_.size()] = value; }

  /// 0 if there are none.
  double median() const {
    std::vector<double> sorted = kept();
    if (sorted.empty()) return 0;
    auto middle = sorted.begin() + static_cast<ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    return *middle;
  }

  /// How many are above `bound`.
  size_t above(double bound) const {
    const std::vector<double> values = kept();
    return static_cast<size_t>(std::ranges::count_if(values, [&](double v) { return v > bound; }));
  }

  /// How many were added, including discarded ones.
  size_t count() const { return count_; }

 private:
  std::vector<double> kept() const {
    return {values_.begin(), values_.begin() + std::min(count_, values_.size())};
  }

  std::array<double, 100> values_{};
  size_t count_ = 0;
};

}  // namespace pumice::web
