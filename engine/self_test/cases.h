#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "engine/ops/ops.h"
#include "engine/self_test/self_test.h"

namespace pumice::self_test {

/// Row-major, in double precision; the numbers of inputs are floats.
struct Numbers {
  Shape shape;
  std::vector<double> values;
};
using Inputs = std::vector<Numbers>;

struct Case {
  std::vector<Shape> shapes;  ///< of the inputs
  std::function<Tensor(const Tensors&)> run;
  std::function<std::vector<double>(const Inputs&)> reference;
  double tolerance = 1e-5;  ///< |found - wanted| <= tolerance · (1 + |wanted|)
  /// Whether a core computes this; absent if there are no cores.
  std::function<bool(ops::GemmCore, const hal::Limits&)> can_compute = {};
  bool in_short_form = false;
};

/// Cases that are compiled together, and judged together for each core.
struct Group {
  std::string family;
  Family kind = Family::kOther;
  std::vector<Case> cases;
};

/// Uniform in -1 … 1; `salt` gives other numbers.
Numbers numbers(const Shape& shape, uint32_t salt);

Group products();   ///< every transpose, odd sizes, terms to split
Group epilogues();  ///< bias and every activation, in products
/// Those, and products of activated numbers: for gradients_of().
Group differentiated_products();
Group convolutions();
Group transposed_convolutions();
Group weight_gradients();
Group batch_norms();
Group layer_norms();
Group reductions();
Group lstms();
Group losses();

/// The gradients of Σ w·y of a group, by finite differences of its references.
Group gradients_of(const Group& group);
/// A group's values and those gradients from one program: kernels may compute both at once.
Group with_gradients(const Group& group);

/// The numbers of uniform(), normal() and random_bits() against Philox on the host.
Row random_numbers(hal::Device& device);

}  // namespace pumice::self_test
