#include <gtest/gtest.h>
#ifdef __wasm__
#include <emscripten/threading.h>
#endif

#include <atomic>
#include <thread>

#include "engine/graph/step.h"
#include "engine/hal/cpu/cpu_device.h"
#include "engine/nn/layers/conv2d.h"
#include "engine/nn/layers/layer_norm.h"
#include "engine/nn/network.h"
#include "engine/ops/ops.h"
#include "tests/support/errors.h"
#include "tests/support/run_network.h"
#include "tests/support/transfer.h"

namespace pumice::hal::cpu {
namespace {

constexpr uint32_t kCount = 1 << 20;

/// In a browser, a program may have none.
bool has_threads() {
#ifdef __wasm__
  return emscripten_has_threading_support() != 0;
#else
  return true;
#endif
}

/// y = 2x + 1, as a step.
std::unique_ptr<Step> step_of(Device& device, const BufferPtr& x, const BufferPtr& y) {
  Graph graph(device.limits());
  const Shape shape{kCount};
  ops::store(ops::affine(graph.external(x, shape, DType::kF32), 2, 1),
             graph.external(y, shape, DType::kF32));
  return std::make_unique<Step>(device, graph, "step");
}

TEST(QueuedCpuDevice, ComputesTheSameBytes) {
  const std::vector<nn::Layer> layers{nn::Conv2d{.out = 12, .kernel = 3}, nn::LayerNorm{}};
  const Shape shape{9, 12, 10, 4};
  std::vector<float> x(9 * 12 * 10 * 4);
  for (size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i % 37) / 37;
  const auto device = create_device({.threads = 1});
  const std::vector<float> expected = test::run_network(*device, layers, shape, x);
  for (uint32_t threads : {1u, 2u, 4u}) {
    if (threads > 1 && !has_threads()) break;
    const auto queued = create_queued_device({.threads = threads});
    EXPECT_EQ(queued->limits().threads, threads);
    for (int repeat = 0; repeat < 20; ++repeat) {  // threads begin after the first
      ASSERT_EQ(test::run_network(*queued, layers, shape, x), expected) << threads;
    }
  }
}

TEST(QueuedCpuDevice, WorksInStepsAndInOrder) {
  const auto device = create_queued_device();
  const BufferPtr x = test::upload(*device, std::vector<float>(kCount, 1), "x");
  const BufferPtr y = device->allocate(kCount * sizeof(float), "y");
  const auto step = step_of(*device, x, y);
  EXPECT_FALSE(device->has_work());
  step->run();
  const auto first = device->read(*y);
  test::upload(*device, x, std::vector<float>(kCount, 2));  // must not reach the first run
  step->run();
  const auto second = device->read(*y);
  EXPECT_TRUE(device->has_work());
  EXPECT_FALSE(first->ready());
  int calls = 0;
  for (; !first->ready(); ++calls) device->work(0);
  EXPECT_GT(calls, 10);
  EXPECT_FALSE(second->ready());
  EXPECT_EQ(test::values_of<float>(first->take()), std::vector<float>(kCount, 3));
  device->work(1e6);
  EXPECT_FALSE(device->has_work());
  EXPECT_TRUE(second->ready());
  EXPECT_EQ(test::values_of<float>(second->take()), std::vector<float>(kCount, 5));
}

TEST(QueuedCpuDevice, FinishesWorkWhoseObjectsAreGone) {
  const uint64_t before = memory_use().bytes;
  const auto device = create_queued_device();
  BufferPtr x = test::upload(*device, std::vector<float>(kCount, 1), "x");
  const BufferPtr y = device->allocate(kCount * sizeof(float), "y");
  step_of(*device, x, y)->run();
  test::upload(*device, x, std::vector<float>(kCount, 7));
  x.reset();
  EXPECT_EQ(memory_use().bytes, before + 2 * kCount * sizeof(float));
  device->read(*y);  // nobody waits for it
  EXPECT_EQ(test::download<float>(*device, y, kCount), std::vector<float>(kCount, 3));
  EXPECT_FALSE(device->has_work());
  EXPECT_EQ(memory_use().bytes, before + kCount * sizeof(float));
}

TEST(QueuedCpuDevice, DropsWorkThatNobodyCanSee) {
  const auto device = create_queued_device();
  const BufferPtr x = test::upload(*device, std::vector<float>(kCount, 1), "x");
  BufferPtr y = device->allocate(kCount * sizeof(float), "y");
  BufferPtr z = device->allocate(kCount * sizeof(float), "z");
  auto first = step_of(*device, x, y), second = step_of(*device, y, z);
  for (int i = 0; i < 3; ++i) {
    first->run();
    second->run();
  }
  auto readback = device->read(*z);
  device->work(0);
  first.reset();
  second.reset();
  y.reset();
  device->work(0);  // z can be seen, which needs y
  EXPECT_EQ(test::values_of<float>(readback->take()), std::vector<float>(kCount, 7));

  first = step_of(*device, x, z);
  first->run();
  readback = device->read(*z);
  first.reset();
  z.reset();
  device->work(0);
  EXPECT_TRUE(device->has_work());  // awaited
  readback.reset();
  device->work(0);  // leaves the copy at most
  device->work(0);
  EXPECT_FALSE(device->has_work());
}

TEST(QueuedCpuDevice, ThreadsCompleteWhatIsLeft) {
  if (!has_threads()) GTEST_SKIP() << "this program has no threads";
  std::atomic<int> arrivals = 0;
  const auto device = create_queued_device({.threads = 3}, [&] { ++arrivals; });
  const BufferPtr x = test::upload(*device, std::vector<float>(kCount, 1), "x");
  const BufferPtr y = device->allocate(kCount * sizeof(float), "y");
  const auto step = step_of(*device, x, y);
  std::unique_ptr<Readback> readback;
  do {  // until the threads have begun
    for (int i = 0; i < 10; ++i) step->run();
    readback = device->read(*y);
    device->work(1);
  } while (device->has_work());
  while (!readback->ready()) std::this_thread::yield();
  EXPECT_EQ(test::values_of<float>(readback->take()), std::vector<float>(kCount, 3));
  while (arrivals == 0) std::this_thread::yield();  // called after it is ready
  test::upload(*device, x, std::vector<float>(kCount, 2));
  step->run();
  EXPECT_EQ(test::download<float>(*device, y, kCount), std::vector<float>(kCount, 5));
}

TEST(QueuedCpuDevice, EndsItsThreadsWithoutWaitingForTheirWork) {
  if (!has_threads()) GTEST_SKIP() << "this program has no threads";
  const uint64_t before = memory_use().bytes;
  auto device = create_queued_device({.threads = 3});
  BufferPtr x = test::upload(*device, std::vector<float>(kCount, 1), "x");
  BufferPtr y = device->allocate(kCount * sizeof(float), "y");
  auto step = step_of(*device, x, y);
  do {
    for (int i = 0; i < 50; ++i) step->run();
    device->work(1);
  } while (device->has_work());
  device.reset();
  step.reset();
  x.reset();
  y.reset();
  while (memory_use().bytes != before) std::this_thread::yield();
}

TEST(QueuedCpuDevice, RejectsWhatBelongsToAnotherDevice) {
  const auto device = create_queued_device();
  const auto other = create_device({.threads = 1});
  const auto program = other->compile({});
  EXPECT_EQ(test::error_of([&] { device->run(*program); }),
            "run: the program belongs to another device");
  const BufferPtr small = device->allocate(16, "small");
  EXPECT_EQ(test::error_of([&] { device->write(*small, std::vector<std::byte>(17)); }),
            "write: 17 bytes do not fit into 'small' (16 bytes)");
}

TEST(CpuDevice, CountsTheMemoryOfBuffers) {
  const MemoryUse before = memory_use();
  const auto device = create_device({.threads = 1});
  BufferPtr buffer = device->allocate(1000, "buffer");
  EXPECT_EQ(memory_use().buffers, before.buffers + 1);
  EXPECT_EQ(memory_use().bytes, before.bytes + 1008);
  buffer.reset();
  EXPECT_EQ(memory_use().buffers, before.buffers);
  EXPECT_EQ(memory_use().bytes, before.bytes);
}

}  // namespace
}  // namespace pumice::hal::cpu
