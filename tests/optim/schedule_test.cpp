#include "engine/optim/schedule.h"

#include <gtest/gtest.h>

#include "engine/graph/step.h"
#include "engine/graph/step_state.h"
#include "tests/support/devices.h"

namespace pumice::test {
namespace {

using optim::Decay;
using optim::Schedule;

TEST(Schedule, has_the_shapes_that_it_names) {
  const Schedule warm{.warm_up_steps = 4};
  EXPECT_EQ(factor_at(warm, 0), 0.25);
  EXPECT_EQ(factor_at(warm, 3), 1);
  EXPECT_EQ(factor_at(warm, 1000), 1);
  const Schedule cosine{.decay = Decay::kCosine, .steps = 10, .factor = 0.2};
  EXPECT_EQ(factor_at(cosine, 0), 1);
  EXPECT_NEAR(factor_at(cosine, 5), 0.6, 1e-12);
  EXPECT_NEAR(factor_at(cosine, 99), 0.2, 1e-12);
  const Schedule step{.warm_up_steps = 1, .decay = Decay::kStep, .steps = 10, .factor = 0.5};
  EXPECT_EQ(factor_at(step, 10), 1);
  EXPECT_EQ(factor_at(step, 11), 0.5);
  EXPECT_EQ(factor_at(step, 31), 0.125);
  const Schedule exponential{.decay = Decay::kExponential, .steps = 10, .factor = 0.25};
  EXPECT_EQ(factor_at(exponential, 5), 0.5);
}

DEVICE_TEST(Schedule, is_the_same_on_the_device) {
  StepState step_state(device, "step_state");
  for (Decay decay : {Decay::kNone, Decay::kCosine, Decay::kStep, Decay::kExponential}) {
    const Schedule schedule{.warm_up_steps = 5, .decay = decay, .steps = 1000, .factor = 0.3};
    Graph graph(device.limits());
    Tensor y = optim::scheduled(step_state.tensor(graph), 2, schedule);
    Step step(device, graph, "schedule", {y});
    for (uint32_t at : {0u, 4u, 5u, 504u, 1004u, 1005u, 2777u, 20000u}) {
      step_state.set(at, 0);
      step.run();
      const double expected = 2 * factor_at(schedule, at);
      EXPECT_NEAR(step.read_floats(y)[0], expected, 1e-5 * expected) << at;
    }
  }
}

}  // namespace
}  // namespace pumice::test
