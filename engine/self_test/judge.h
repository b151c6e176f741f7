#pragma once

#include <functional>
#include <vector>

#include "engine/graph/step.h"
#include "engine/self_test/self_test.h"

namespace pumice::self_test {

/// What an output has to be.
struct Wanted {
  std::vector<double> values;
  double tolerance = 0;  ///< see Case
};

/// Runs the step twice and stores in `row` how its outputs differ from what is wanted, and from
/// each other.
void compare(Row& row, Step& step, const Tensors& outputs, const std::vector<Wanted>& wanted);

/// Calls `work`; an Error other than DeviceLost becomes the row's problem.
void judge(Row& row, const std::function<void()>& work);

}  // namespace pumice::self_test
