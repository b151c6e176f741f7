#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <vector>

namespace pumice::web {

/// Times of the last decodes.
class Statistics {
 public:
  void add(double milliseconds) { times_[count_++ % times_.size()] = milliseconds; }

  /// Of the last 100; 0 before the first.
  double median() const {
    std::vector<double> sorted(times_.begin(), times_.begin() + std::min(count_, times_.size()));
    if (sorted.empty()) return 0;
    auto middle = sorted.begin() + static_cast<ptrdiff_t>(sorted.size() / 2);
    std::nth_element(sorted.begin(), middle, sorted.end());
    return *middle;
  }

  size_t count() const { return count_; }

 private:
  std::array<double, 100> times_{};
  size_t count_ = 0;
};

}  // namespace pumice::web
