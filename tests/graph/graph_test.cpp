#include "engine/graph/graph.h"

#include <gtest/gtest.h>

#include "engine/hal/null/null_device.h"
#include "engine/hal/pack.h"
#include "engine/ops/ops.h"
#include "kernels/fill.h"
#include "kernels/unary.h"
#include "tests/support/errors.h"

namespace pumice::test {
namespace {

class GraphTest : public testing::Test {
 protected:
  hal::BufferPtr buffer(uint64_t bytes) { return device_->allocate(bytes, "memory"); }
  Tensor input(const Shape& shape) {
    return graph_.external(buffer(padded_bytes(shape, DType::kF32)), shape, DType::kF32);
  }

  std::unique_ptr<hal::null::NullDevice> device_ = hal::null::create_device();
  Graph graph_{device_->limits()};
};

TEST_F(GraphTest, PadsTensorsToWholeVec4s) {
  EXPECT_EQ(padded_bytes({}, DType::kF32), 16u);
  EXPECT_EQ(padded_bytes({4}, DType::kF32), 16u);
  EXPECT_EQ(padded_bytes({5}, DType::kF32), 32u);
  EXPECT_EQ(padded_bytes({17}, DType::kU8), 32u);
}

TEST_F(GraphTest, GivesTheSameTensorForTheSameMemory) {
  hal::BufferPtr memory = buffer(1024);
  Tensor first = graph_.external(memory, {4}, DType::kF32);
  EXPECT_EQ(graph_.external(memory, {4}, DType::kF32), first);
  EXPECT_NE(graph_.external(memory, {4}, DType::kF32, 256), first);
  EXPECT_NE(graph_.external(memory, {2, 2}, DType::kF32), first);
  EXPECT_NE(graph_.external(memory, {4}, DType::kU32), first);
  EXPECT_NE(graph_.external(buffer(1024), {4}, DType::kF32), first);
}

TEST_F(GraphTest, ViewsShareTheMemoryOfTheirRoot) {
  Tensor x = ops::exp(input({2, 6}));
  Tensor view = graph_.view(graph_.view(x, {3, 4}), {12});
  EXPECT_EQ(graph_.info(view).root, x.id());
  EXPECT_EQ(view.shape(), Shape({12}));
  EXPECT_EQ(error_of([&] { graph_.view(x, {5}); }), "view: [5] has 5 elements, [2, 6] has 12");
}

TEST_F(GraphTest, RefusesMemoryOutsideTheBuffer) {
  hal::BufferPtr memory = buffer(512);
  graph_.external(memory, {64}, DType::kF32, 256);
  EXPECT_EQ(error_of([&] { graph_.external(memory, {65}, DType::kF32, 256); }),
            "external: [65] at byte 256 ends at 528, but 'memory' has 512 bytes");
  EXPECT_EQ(error_of([&] { graph_.external(nullptr, {1}, DType::kF32); }),
            "external: expects a buffer for shape [1]");
}

TEST_F(GraphTest, RefusesTensorsWithoutElements) {
  EXPECT_EQ(error_of([&] {
              graph_.tensor({2, 0}, DType::kF32);
            }),
            "tensor: shape [2, 0] has no elements");
}

TEST_F(GraphTest, RefusesNodesThatDoNotFitTheirKernel) {
  Tensor x = input({4}), y = graph_.tensor({4}, DType::kF32);
  EXPECT_EQ(
      error_of([&] { graph_.add({.kernel = &kernels::fill, .inputs = {x}, .outputs = {y}}); }),
      "fill: expects 1 tensors, got 2");
  EXPECT_EQ(error_of([&] { graph_.add({.kernel = &kernels::fill, .outputs = {y}}); }),
            "fill: expects 8 bytes of params, got 0");
}

TEST_F(GraphTest, RefusesToWriteTwice) {
  Tensor y = graph_.tensor({4}, DType::kF32);
  auto fill = [&](const Tensor& output) {
    graph_.add({.kernel = &kernels::fill,
                .outputs = {output},
                .params = pack(kernels::FillParams{.count = 4})});
  };
  fill(y);
  EXPECT_EQ(error_of([&] { fill(y); }), "fill: its output was already written");
  Tensor x = input({4});
  EXPECT_EQ(error_of([&] { fill(x); }), "fill: its output was already written");
}

TEST_F(GraphTest, RefusesToUpdateUnwrittenTensors) {
  Tensor y = graph_.tensor({4}, DType::kF32);
  EXPECT_EQ(error_of([&] {
              graph_.add({.kernel = &kernels::fill,
                          .updates = {y},
                          .params = pack(kernels::FillParams{.count = 4})});
            }),
            "fill: updates a tensor that nothing has written");
}

TEST_F(GraphTest, RefusesTensorsOfAnotherGraph) {
  Graph other(device_->limits());
  Tensor stranger = ops::constant(other, {4}, 1);
  EXPECT_EQ(error_of([&] { ops::add(input({4}), stranger); }),
            "binary: got a tensor from another graph");
}

TEST_F(GraphTest, LabelsNodesByScope) {
  Tensor x = input({4});
  {
    Scope encoder(graph_, "encoder");
    Scope layer(graph_, "linear[0]");
    ops::exp(x);
  }
  ops::exp(x);
  EXPECT_EQ(graph_.nodes()[0].label, "encoder/linear[0]/unary");
  EXPECT_EQ(graph_.nodes()[1].label, "unary");
}

TEST_F(GraphTest, CountsStreams) {
  EXPECT_EQ(graph_.next_stream(), 0u);
  EXPECT_EQ(graph_.next_stream(), 1u);
}

}  // namespace
}  // namespace pumice::test
