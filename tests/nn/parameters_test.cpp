#include "engine/nn/parameters.h"

#include <gtest/gtest.h>

#include "engine/graph/step.h"
#include "engine/graph/step_state.h"
#include "engine/ops/ops.h"
#include "tests/support/devices.h"

namespace pumice::test {
namespace {

// Both come from Philox blocks of the same counters: (element, parameter or stream, step 0).
DEVICE_TEST(Parameters, begin_with_other_numbers_than_the_noise_of_the_first_step) {
  constexpr uint64_t kSeed = 7;
  nn::Parameters parameters;
  const uint32_t weight = parameters.add({.name = "weight", .shape = {64}, .initial_bound = 1});
  parameters.allocate(device, "parameters");
  parameters.initialize(device, kSeed);
  StepState step_state(device, "step_state");
  step_state.set(0, kSeed);

  Graph graph(device.limits());
  Tensor noise = ops::uniform(step_state.tensor(graph), {64}, -1, 1);
  Step step(device, graph, "noise", {noise});
  step.run();
  const std::vector<float> first = step.read_floats(parameters.tensor(graph, weight));
  const std::vector<float> second = step.read_floats(noise);
  for (size_t i = 0; i < first.size(); ++i) EXPECT_NE(first[i], second[i]) << i;
}

}  // namespace
}  // namespace pumice::test
