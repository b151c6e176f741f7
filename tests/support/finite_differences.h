#pragma once

#include <functional>
#include <vector>

#include "tests/support/op_test.h"
#include "tests/support/reference.h"

namespace pumice::test {

/// Derivatives of L(x) = Σ weights · reference(x), by central differences in double precision.
class Differences {
 public:
  using Reference = std::function<Array(const Arrays&)>;

  /// `variables`: the arrays with respect to which to differentiate.
  Differences(Reference reference, Arrays arrays, Array weights, std::vector<size_t> variables)
      : reference_(std::move(reference)),
        arrays_(std::move(arrays)),
        weights_(std::move(weights)),
        variables_(std::move(variables)) {}

  /// Checks dL/dx for variable `which`: some elements one by one, and all of them by the derivative
  /// along a random direction.
  void check_gradient(size_t which, const std::vector<float>& gradient, Tolerance tolerance);

  /// The same for the gradient of Σ direction · dL/dx, with one direction for each variable.
  void check_second_gradient(size_t which, const Arrays& directions,
                             const std::vector<float>& gradient, Tolerance tolerance);

 private:
  using Scalar = std::function<double()>;  // of the arrays' current values

  double loss() const;
  double slope(const Arrays& directions, double step);
  void check(size_t which, const Scalar& scalar, double step, const std::vector<float>& gradient,
             Tolerance tolerance);

  Reference reference_;
  Arrays arrays_;
  Array weights_;
  std::vector<size_t> variables_;
};

}  // namespace pumice::test
