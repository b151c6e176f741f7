#include "engine/optim/weight_average.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/graph/step.h"
#include "engine/graph/step_state.h"
#include "tests/optim/flat_model.h"
#include "tests/support/devices.h"
#include "tests/support/op_test.h"

namespace pumice::test {
namespace {

DEVICE_TEST(WeightAverage, follows_all_weights_and_statistics) {
  constexpr double kDecay = 0.3;
  FlatModel average(device);
  StepState step_state(device, "step_state");
  step_state.set(0, 0);
  std::vector<double> expected(average.values(device).size(), 0);
  for (int t = 0; t < 6; ++t) {
    FlatModel weights(device, 10 + t);
    optim::WeightAverage follow(weights.parameters, average.parameters, kDecay);
    Graph graph(device.limits());
    follow.update(step_state.tensor(graph));
    step_state.advance(graph);
    Step(device, graph, "average").run();
    const double d = t == 0 ? 0 : std::min(kDecay, (1.0 + t) / (10 + t));
    const std::vector<float> now = weights.values(device);
    for (size_t i = 0; i < now.size(); ++i) expected[i] = d * expected[i] + (1 - d) * now[i];
    expect_close(average.values(device), expected, {1e-5, 1e-6}, "average");
  }
}

}  // namespace
}  // namespace pumice::test
