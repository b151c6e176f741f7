#include "engine/graph/levels.h"

#include <gtest/gtest.h>

#include "engine/graph/lower.h"
#include "engine/hal/null/null_device.h"
#include "engine/hal/pack.h"
#include "engine/ops/ops.h"
#include "kernels/fill.h"
#include "tests/support/op_test.h"

namespace pumice::test {
namespace {

using Labels = std::vector<std::vector<std::string>>;

class LevelsTest : public testing::Test {
 protected:
  Tensor input() { return upload(*device_, graph_, array({4}, {1, 2, 3, 4})); }
  Tensor exp(const std::string& name, const Tensor& x) {
    Scope scope(graph_, name);
    return ops::exp(x);
  }
  Tensor add(const std::string& name, const Tensor& x, const Tensor& y) {
    Scope scope(graph_, name);
    return ops::add(x, y);
  }
  void update(const std::string& name, const Tensor& x) {
    Scope scope(graph_, name);
    graph_.add({.kernel = &kernels::fill,
                .updates = {x},
                .params = pack(kernels::FillParams{.count = 4, .value = 2})});
  }
  Labels levels(const Tensors& outputs) {
    Labels labels;
    for (const Level& level : in_fewest_levels(graph_, needed_nodes(graph_, outputs))) {
      std::vector<std::string>& names = labels.emplace_back();
      for (const Node* node : level) names.push_back(node->label.substr(0, node->label.find('/')));
    }
    return labels;
  }

  std::unique_ptr<hal::null::NullDevice> device_ = hal::null::create_device();
  Graph graph_{device_->limits()};
};

TEST_F(LevelsTest, RunNodesAsEarlyAsTheirInputsAllow) {
  const Tensor x = input();
  const Tensor a = exp("a", x), b = exp("b", a), c = exp("c", x);
  const Tensor d = add("d", b, c), e = exp("e", c);
  EXPECT_EQ(levels({d, e}), Labels({{"a", "c"}, {"b", "e"}, {"d"}}));
}

TEST_F(LevelsTest, KeepReadsAndWritesOfExternalMemoryInOrder) {
  const Tensor x = input(), other = input();
  const Tensor before = exp("before", exp("early", x));
  const Tensor read = add("read", before, x);
  update("write", x);
  update("elsewhere", other);
  const Tensor after = exp("after", x);
  EXPECT_EQ(levels({read, after}),
            Labels({{"early", "elsewhere"}, {"before"}, {"read"}, {"write"}, {"after"}}));
}

TEST_F(LevelsTest, TellPartsOfABufferApart) {
  const auto memory = device_->allocate(512, "memory");
  const Tensor left = graph_.external(memory, {4}, DType::kF32, 0);
  const Tensor right = graph_.external(memory, {4}, DType::kF32, 256);
  update("left", left);
  update("right", right);
  update("left again", left);
  EXPECT_EQ(levels({}), Labels({{"left", "right"}, {"left again"}}));
}

TEST_F(LevelsTest, InSequenceHoldOneNodeEach) {
  exp("b", exp("a", input()));
  const Tensor c = exp("c", input());
  const auto nodes = needed_nodes(graph_, {c});
  ASSERT_EQ(in_sequence(nodes).size(), 1u);
  EXPECT_EQ(in_sequence(nodes)[0], Level{nodes[0]});
}

}  // namespace
}  // namespace pumice::test
