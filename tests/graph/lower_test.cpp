#include "engine/graph/lower.h"

#include <gtest/gtest.h>

#include "engine/graph/step.h"
#include "engine/hal/null/null_device.h"
#include "engine/hal/pack.h"
#include "engine/hal/validate.h"
#include "engine/ops/ops.h"
#include "kernels/fill.h"
#include "tests/support/errors.h"
#include "tests/support/op_test.h"

namespace pumice::test {
namespace {

class LowerTest : public testing::Test {
 protected:
  Tensor input(const Shape& shape) {
    return upload(*device_, graph_, array(shape, std::vector<double>(shape.size(), 1)));
  }
  Tensor part(const hal::BufferPtr& buffer, uint32_t count, uint64_t byte_offset) {
    return graph_.external(buffer, {count}, DType::kF32, byte_offset);
  }
  std::vector<std::string> labels(const Tensors& outputs) {
    std::vector<std::string> all;
    for (const Node* node : needed_nodes(graph_, outputs)) all.push_back(node->label);
    return all;
  }
  void update(const Tensor& tensor, const std::string& scope_name) {
    Scope scope(graph_, scope_name);
    graph_.add({.kernel = &kernels::fill,
                .updates = {tensor},
                .params = pack(kernels::FillParams{.count = 4, .value = 2})});
  }
  /// Compiles, so that the plan is validated.
  size_t dispatches(const Tensors& outputs = {}) {
    return Step(*device_, graph_, "plan", outputs).dispatch_count();
  }

  std::unique_ptr<hal::null::NullDevice> device_ = hal::null::create_device();
  Graph graph_{device_->limits()};
};

TEST_F(LowerTest, DropsDeadNodesAndKeepsTheOrder) {
  Tensor x = input({4});
  auto named = [&](const std::string& name, const Tensor& from) {
    Scope scope(graph_, name);
    return ops::exp(from);
  };
  Tensor a = named("a", x), b = named("b", x), c = named("c", a);
  named("d", c);
  Tensor e = named("e", b);
  EXPECT_EQ(labels({c}), std::vector<std::string>({"a/unary", "c/unary"}));
  EXPECT_EQ(labels({e, c}), std::vector<std::string>({"a/unary", "b/unary", "c/unary", "e/unary"}));
  EXPECT_EQ(labels({}), std::vector<std::string>());
  EXPECT_EQ(labels({x}), std::vector<std::string>());
}

TEST_F(LowerTest, KeepsWhatWritesExternalMemory) {
  Tensor x = input({4}), target = input({4});
  ops::store(ops::exp(ops::exp(x)), target);
  ops::exp(x);
  EXPECT_EQ(dispatches(), 2u);
}

TEST_F(LowerTest, ReachesThroughViews) {
  Tensor y = ops::reshape(ops::exp(ops::reshape(ops::exp(input({6})), {2, 3})), {3, 2});
  EXPECT_EQ(dispatches({y}), 2u);
}

TEST_F(LowerTest, BindsViewsOfExternalMemoryInPlace) {
  hal::BufferPtr flat = device_->allocate(1024, "flat");
  Tensor y = ops::add(part(flat, 5, 256), part(flat, 5, 512));
  LoweredPlan lowered = lower(graph_, "plan", {y});
  const std::vector<hal::BufferView>& bindings = lowered.plan.dispatches.at(0).bindings;
  EXPECT_EQ(lowered.plan.buffers[bindings[0].buffer], flat);
  EXPECT_EQ(bindings[0].buffer, bindings[1].buffer);
  EXPECT_EQ(bindings[0].offset, 256u);
  EXPECT_EQ(bindings[1].offset, 512u);
  EXPECT_EQ(bindings[1].bytes, 32u);
}

TEST_F(LowerTest, RefusesTensorsThatNoNodeWrites) {
  Tensor y = ops::exp(graph_.tensor({2, 3}, DType::kF32));
  EXPECT_EQ(error_of([&] { lower(graph_, "plan", {y}); }),
            "lower: a tensor of shape [2, 3] is read before it is written");
}

TEST_F(LowerTest, KeepsUpdatesOfWhatIsNeededInTheirOrder) {
  Tensor y = ops::constant(graph_, {4}, 1);
  Tensor unused = ops::constant(graph_, {4}, 1);
  update(y, "first");
  update(unused, "none");
  ops::exp(y);
  update(y, "second");
  EXPECT_EQ(labels({y}), std::vector<std::string>({"fill", "first/fill", "second/fill"}));
  EXPECT_EQ(labels({ops::exp(y)}).size(), 4u);
}

TEST_F(LowerTest, KeepsTheMemoryOfWhatIsUpdatedLater) {
  Tensor y = ops::constant(graph_, {4}, 1);
  Tensor other = ops::exp(ops::exp(ops::constant(graph_, {4}, 1)));
  update(y, "later");
  Step step(*device_, graph_, "plan", {ops::add(y, other)});
  const std::vector<hal::Dispatch>& dispatches = step.plan().dispatches;
  const hal::BufferView held = dispatches[0].bindings[0];
  EXPECT_EQ(dispatches[4].bindings[0], held);
  for (size_t i = 1; i < 4; ++i) EXPECT_NE(dispatches[i].bindings.back().buffer, held.buffer);
}

TEST_F(LowerTest, CopiesValuesThatWereUpdated) {
  Tensor y = ops::constant(graph_, {4}, 1);
  update(y, "update");
  ops::store(y, input({4}));
  EXPECT_EQ(dispatches(), 3u);
}

TEST_F(LowerTest, StoresFreshValuesWithoutACopy) {
  Tensor target = input({6});
  ops::store(ops::exp(input({6})), target);
  EXPECT_EQ(dispatches(), 1u);
}

TEST_F(LowerTest, StoresFreshValuesOfAnotherShapeWithoutACopy) {
  ops::store(ops::reshape(ops::exp(input({2, 3})), {6}), input({6}));
  ops::store(ops::sum(input({5, 3}), {0}), input({3}));
  EXPECT_EQ(dispatches(), 2u);
}

TEST_F(LowerTest, CopiesValuesThatOthersRead) {
  Tensor y = ops::exp(input({4}));
  Tensor z = ops::exp(y);
  ops::store(y, input({4}));
  EXPECT_EQ(dispatches({z}), 3u);
}

TEST_F(LowerTest, CopiesExternalValues) {
  ops::store(input({4}), input({4}));
  EXPECT_EQ(dispatches(), 1u);
}

TEST_F(LowerTest, CopiesWithinABufferThroughAnActivation) {
  hal::BufferPtr flat = device_->allocate(512, "flat");
  ops::store(part(flat, 4, 0), part(flat, 4, 256));
  EXPECT_EQ(dispatches(), 2u);
}

TEST_F(LowerTest, CopiesWhereTheNodeReadsTheTargetsBuffer) {
  hal::BufferPtr flat = device_->allocate(512, "flat");
  ops::store(ops::affine(part(flat, 4, 0), 0.5f, 0), part(flat, 4, 256));
  EXPECT_EQ(dispatches(), 2u);
}

TEST_F(LowerTest, CopiesWhereTheTargetWasReadSince) {
  Tensor target = input({4});
  Tensor y = ops::exp(input({4}));
  Tensor old = ops::exp(target);
  ops::store(y, target);
  EXPECT_EQ(dispatches({old}), 3u);
}

TEST_F(LowerTest, StoresOneGradientOfTwoParameters) {
  hal::BufferPtr flat = device_->allocate(512, "gradients");
  Tensor a = input({4}), b = input({4});
  Tensors gradients = ops::gradients(ops::sum(ops::add(a, b)), {a, b});
  ops::store(gradients[0], part(flat, 4, 0));
  ops::store(gradients[1], part(flat, 4, 256));
  // A constant, and two copies of one part of the buffer to the other.
  EXPECT_EQ(dispatches(), 3u);
}

TEST_F(LowerTest, RefusesToPlaceWhereItCannot) {
  Tensor y = ops::exp(input({4}));
  EXPECT_EQ(error_of([&] { ops::store(y, ops::exp(y)); }), "place: the target is not external");
  EXPECT_EQ(error_of([&] { ops::store(y, input({5})); }), "place: f32 [4] does not fit f32 [5]");
}

TEST(Lower, ReadsTexelsWhereTheDevicePrefersThem) {
  hal::Limits limits;
  limits.max_texel_elements = 64;
  limits.features = static_cast<uint32_t>(hal::Feature::kTexelBuffer);
  auto reads_texels = [&](bool preferred, uint32_t elements) {
    limits.prefers.texel_loads = preferred;
    auto device = hal::null::create_device(limits);
    Graph graph(limits);
    Tensor y = ops::exp(ops::constant(graph, {elements}, 1));
    const hal::Kernel* kernel = Step(*device, graph, "plan", {y}).plan().dispatches.back().kernel;
    return kernel->bindings[0] == hal::Access::kTexel;
  };
  EXPECT_TRUE(reads_texels(true, 256));
  EXPECT_FALSE(reads_texels(true, 257));
  EXPECT_FALSE(reads_texels(false, 256));
}

// 300 parameters and their updates: more buffers and nodes than any table of fixed size has.
TEST_F(LowerTest, MakesPlansThatAreValid) {
  hal::BufferPtr flat = device_->allocate(300 * 256, "gradients");
  Tensors parameters;
  Tensor loss = ops::constant(graph_, {}, 0);
  for (int i = 0; i < 300; ++i) {
    parameters.push_back(input({static_cast<uint32_t>(1 + i % 60)}));
    loss = ops::add(loss, ops::sum(ops::tanh(parameters.back())));
  }
  Tensors gradients = ops::gradients(loss, parameters);
  for (size_t i = 0; i < gradients.size(); ++i) {
    ops::store(gradients[i], part(flat, static_cast<uint32_t>(1 + i % 60), 256 * i));
  }
  EXPECT_GT(dispatches({loss}), 1200u);
}

}  // namespace
}  // namespace pumice::test
