#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

namespace pumice::views {

/// Maps vectors onto a plane: axes × (x - mean).
struct Projection {
  std::vector<double> mean;  ///< [size]
  std::vector<double> axes;  ///< [2, size]

  std::array<double, 2> place(std::span<const float> x) const;
};

/// Onto the first two principal components of rows [N, size], size > 1 (Pearson, 1901). The largest
/// entry of each axis is positive.
Projection principal_projection(std::span<const float> rows, uint32_t size);

/// The one that maps rows [N, size] to `places` [N, 2], whose average is 0, with the least squared
/// error, by ridge regression. The penalty is a hundredth of the average variance.
Projection fitted_projection(std::span<const float> rows, uint32_t size,
                             std::span<const float> places);

}  // namespace pumice::views
