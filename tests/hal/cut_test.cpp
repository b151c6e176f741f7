#include "engine/hal/cut.h"

#include <gtest/gtest.h>

#include "engine/hal/null/null_device.h"
#include "tests/hal/plans.h"
#include "tests/support/errors.h"

namespace pumice::hal {
namespace {

constexpr uint32_t kValues = 16;
constexpr uint64_t kBytes = kValues * sizeof(float);

class Cut : public testing::Test {
 protected:
  /// A dispatch that reads one buffer and writes another.
  void add(uint32_t from, uint32_t to, const std::string& label) {
    plan_.dispatches.push_back(test::affine(plan_.buffers, from, to, kValues, 1, 0));
    plan_.dispatches.back().label = label;
  }
  /// As before, but of one number.
  void add_part(uint32_t from, uint32_t to, uint64_t offset, const std::string& label) {
    add(from, to, label);
    plan_.dispatches.back().bindings[1] = {to, offset, 4};
  }
  CutPlan cut(const std::vector<uint32_t>& exchanged, uint64_t bucket = 0) const {
    std::vector<BufferPtr> buffers;
    for (uint32_t index : exchanged) buffers.push_back(plan_.buffers[index]);
    return hal::cut(plan_, buffers, bucket);
  }
  static std::string labels(const Plan& plan) {
    std::string all;
    for (const Dispatch& dispatch : plan.dispatches) all += dispatch.label;
    return all;
  }

  std::unique_ptr<Device> device_ = null::create_device();
  Plan plan_ = [this] {
    Plan plan{.name = "plan", .buffers = {}, .dispatches = {}};
    for (int i = 0; i < 6; ++i) plan.buffers.push_back(device_->allocate(kBytes, "buffer"));
    return plan;
  }();
};

TEST_F(Cut, KeepsForLaterWhatReadsTheBufferAndWhatDependsOnThat) {
  add(0, 1, "a");  // writes the gradient
  add(1, 2, "b");  // reads it
  add(3, 4, "c");  // independent
  add(2, 3, "d");  // after b, and after c, which reads what it writes
  add(3, 5, "e");  // after d
  const CutPlan result = cut({1});
  ASSERT_EQ(result.before.size(), 1u);
  EXPECT_EQ(labels(result.before[0].plan), "ac");
  EXPECT_EQ(labels(result.after), "bde");
  ASSERT_EQ(result.before[0].ready.size(), 1u);
  EXPECT_EQ(result.before[0].ready[0].buffer, plan_.buffers[1]);
  EXPECT_EQ(result.before[0].ready[0].range.bytes, kBytes);
}

TEST_F(Cut, LeavesAPlanThatDoesNotUseTheBufferWhole) {
  add(0, 1, "a");
  add(1, 2, "b");
  const CutPlan result = cut({5});
  ASSERT_EQ(result.before.size(), 1u);
  EXPECT_EQ(labels(result.before[0].plan), "ab");
  EXPECT_TRUE(result.before[0].ready.empty());
  EXPECT_TRUE(result.after.dispatches.empty());
}

TEST_F(Cut, EndsAPartWhereABucketIsComplete) {
  add_part(0, 1, 8, "a");
  add_part(0, 1, 4, "b");
  add(3, 4, "c");
  add_part(0, 1, 0, "d");
  add(1, 2, "e");
  const CutPlan result = cut({1}, 8);
  ASSERT_EQ(result.before.size(), 2u);
  EXPECT_EQ(labels(result.before[0].plan), "ab");
  ASSERT_EQ(result.before[0].ready.size(), 1u);  // neighbours are one range
  EXPECT_EQ(result.before[0].ready[0].range.offset, 4u);
  EXPECT_EQ(result.before[0].ready[0].range.bytes, 8u);
  EXPECT_EQ(labels(result.before[1].plan), "cd");
  EXPECT_EQ(result.before[1].ready[0].range.bytes, 4u);
  EXPECT_EQ(labels(result.after), "e");
}

TEST_F(Cut, CountsBytesWhenTheyAreWrittenForTheLastTime) {
  add_part(0, 1, 0, "a");
  add(3, 4, "b");
  add_part(0, 1, 0, "c");
  const CutPlan result = cut({1}, 4);
  ASSERT_EQ(result.before.size(), 1u);
  EXPECT_EQ(labels(result.before[0].plan), "abc");
}

TEST_F(Cut, KeepsTheReadersOfAllForLater) {
  add(0, 1, "a");
  add(0, 2, "b");
  add(1, 3, "c");  // after the first exchange
  add(2, 4, "d");  // after the second
  CutPlan result = cut({1, 2});
  EXPECT_EQ(labels(result.before[0].plan), "ab");
  EXPECT_EQ(labels(result.after), "cd");
  plan_ = result.after;
  result = cut({2});
  EXPECT_EQ(labels(result.before[0].plan), "c");
  EXPECT_EQ(labels(result.after), "d");
}

TEST_F(Cut, RefusesAWriteAfterARead) {
  add(0, 1, "a");
  add(1, 2, "b");
  add(2, 1, "c");
  EXPECT_EQ(test::error_of([&] { cut({1}); }),
            "cut: 'c' writes a buffer that must be exchanged before it");
}

}  // namespace
}  // namespace pumice::hal
