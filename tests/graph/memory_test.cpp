#include "engine/graph/memory.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "engine/graph/step.h"
#include "engine/hal/barriers.h"
#include "engine/hal/null/null_device.h"
#include "engine/ops/ops.h"
#include "tests/support/op_test.h"

namespace pumice::test {
namespace {

/// A tensor computed from earlier ones by a random op.
Tensor random_op(const Tensors& known, std::mt19937& random) {
  Tensor a = known[random() % known.size()];
  Tensor b = known[random() % known.size()];
  switch (random() % 6) {
    case 0:
      return ops::exp(a);
    case 1:
      return ops::add(ops::sum(a), b);
    case 2:
      return ops::reshape(a, {static_cast<uint32_t>(a.size())});
    case 3:
      return ops::sum(a, {0}, true);
    case 4:
      return ops::slice(a, 0, 0, std::max(1u, a.shape()[0] / 2));
    default:
      return ops::multiply(a, ops::mean(b));
  }
}

Tensors random_graph(hal::Device& device, Graph& graph, std::mt19937& random) {
  Tensors known = {upload(device, graph, array({6, 5}, std::vector<double>(30, 1))),
                   upload(device, graph, array({7}, std::vector<double>(7, 1)))};
  for (int i = 0; i < 40; ++i) known.push_back(random_op(known, random));
  return known;
}

Tensors some_of(const Tensors& tensors, std::mt19937& random) {
  Tensors chosen;
  for (const Tensor& tensor : tensors) {
    if (random() % 8 == 0) chosen.push_back(tensor);
  }
  return chosen;
}

/// Runs a plan on names instead of numbers: each buffer holds the root that was last written to it.
class Simulation {
 public:
  explicit Simulation(const Graph& graph) : graph_(graph) {}

  void run(const Node& node, const hal::Dispatch& dispatch) {
    size_t binding = 0;
    for (const Tensor& input : node.inputs) expect_held(input, dispatch.bindings[binding++]);
    for (const Tensor& output : node.outputs) {
      const hal::BufferView& view = dispatch.bindings[binding++];
      for (size_t i = 0; i < node.inputs.size(); ++i) {
        EXPECT_NE(dispatch.bindings[i].buffer, view.buffer) << node.label;
      }
      held_[view.buffer] = graph_.info(output).root;
    }
  }

  void expect_held(const Tensor& tensor, const hal::BufferView& view) const {
    const TensorInfo& info = graph_.info(tensor);
    if (info.external) return;
    auto entry = held_.find(view.buffer);
    ASSERT_NE(entry, held_.end());
    EXPECT_EQ(entry->second, info.root) << "overwritten while still needed";
  }

 private:
  const Graph& graph_;
  std::map<uint32_t, uint32_t> held_;  // buffer of the plan -> root
};

/// With true, on a device that runs dispatches at the same time.
class Memory : public testing::TestWithParam<bool> {
 protected:
  hal::Limits limits() const {
    hal::Limits limits = device_->limits();
    limits.prefers.concurrent_dispatches = GetParam();
    return limits;
  }
  std::vector<Level> levels(const Graph& graph, const Tensors& outputs) const {
    const std::vector<const Node*> nodes = needed_nodes(graph, outputs);
    return GetParam() ? in_fewest_levels(graph, nodes) : in_sequence(nodes);
  }

  /// Calls check(graph, outputs, step) for random graphs.
  template <typename CheckStep>
  void each_graph(const CheckStep& check) {
    for (uint32_t seed = 0; seed < 200; ++seed) {
      SCOPED_TRACE(seed);
      std::mt19937 random(seed);
      Graph graph(limits());
      const Tensors outputs = some_of(random_graph(*device_, graph, random), random);
      Step step(*device_, graph, "random", outputs);  // validates
      check(graph, outputs, step);
    }
  }

  std::unique_ptr<hal::null::NullDevice> device_ = hal::null::create_device();
};

TEST_P(Memory, IsSharedByNoLiveActivations) {
  each_graph([&](const Graph& graph, const Tensors& outputs, const Step& step) {
    const std::vector<hal::Dispatch>& dispatches = step.plan().dispatches;
    Simulation simulation(graph);
    size_t position = 0;
    for (const Level& level : levels(graph, outputs)) {
      for (const Node* node : level) {
        ASSERT_LT(position, dispatches.size());
        simulation.run(*node, dispatches[position++]);
      }
    }
    EXPECT_EQ(position, dispatches.size());
    for (const Tensor& output : outputs) {
      if (graph.info(output).external) continue;
      simulation.expect_held(output, step.lowered().view_of_root.at(graph.info(output).root));
    }
  });
}

TEST_P(Memory, NeedsOneBarrierPerLevel) {
  each_graph([&](const Graph& graph, const Tensors& outputs, const Step& step) {
    const std::vector<bool> barriers = hal::barriers_before(step.plan());
    const auto count = static_cast<size_t>(std::ranges::count(barriers, true));
    const size_t most = levels(graph, outputs).size();
    if (GetParam()) {
      EXPECT_EQ(count + 1, std::max<size_t>(most, 1));
    } else {
      EXPECT_LE(count + 1, std::max<size_t>(most, 1));
    }
  });
}

INSTANTIATE_TEST_SUITE_P(Order, Memory, testing::Bool(),
                         [](const auto& info) { return info.param ? "in_levels" : "in_sequence"; });

TEST(MemorySize, OfAChainIsTwoBuffers) {
  auto device = hal::null::create_device();
  Graph graph(device->limits());
  Tensor x = ops::constant(graph, {100}, 1);
  for (int i = 0; i < 10; ++i) x = ops::exp(x);
  EXPECT_EQ(Step(*device, graph, "chain", {x}).activation_bytes(), 2 * 400u);
  EXPECT_EQ(Step(*device, graph, "chain", {x}, Sharing::kNone).activation_bytes(), 11 * 400u);
}

TEST(MemorySize, OfTheBestFitIsTaken) {
  auto device = hal::null::create_device();
  Graph graph(device->limits());
  Tensor large = ops::constant(graph, {1000}, 1), small = ops::constant(graph, {10}, 1);
  Tensor sums = ops::add(ops::sum(large), ops::sum(small));  // both are free again
  Tensor next = ops::broadcast_to(sums, {9});
  Step step(*device, graph, "fit", {next});
  EXPECT_LT(step.activation_bytes(), 4000u + 48u + 4000u);
}

}  // namespace
}  // namespace pumice::test
