#include "engine/hal/weave.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "engine/hal/barriers.h"
#include "engine/hal/null/null_device.h"
#include "engine/hal/validate.h"
#include "tests/hal/plans.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"

namespace pumice::hal {
namespace {

constexpr uint32_t kCount = 16;

std::vector<BufferPtr> buffers(Device& device, size_t count, const std::string& label = "x") {
  std::vector<BufferPtr> all;
  for (size_t i = 0; i < count; ++i) all.push_back(device.allocate(kCount * sizeof(float), label));
  return all;
}

/// A chain through the buffers: each dispatch reads what the one before it wrote.
Plan chain(std::vector<BufferPtr> buffers, float offset = 1) {
  Plan plan{.name = "chain", .buffers = std::move(buffers), .dispatches = {}};
  for (uint32_t i = 0; i + 1 < plan.buffers.size(); ++i) {
    plan.dispatches.push_back(test::affine(plan.buffers, i, i + 1, kCount, 2, offset));
    plan.dispatches.back().label = fmt::format("link[{}]", i);
  }
  return plan;
}

/// Dispatches that need no barrier: each reads the first buffer and writes another one.
Plan fan(std::vector<BufferPtr> buffers) {
  Plan plan{.name = "fan", .buffers = std::move(buffers), .dispatches = {}};
  for (uint32_t i = 1; i < plan.buffers.size(); ++i) {
    plan.dispatches.push_back(test::affine(plan.buffers, 0, i, kCount, 3, 0));
    plan.dispatches.back().label = fmt::format("rib[{}]", i);
  }
  return plan;
}

size_t barrier_count(const Plan& plan) {
  const std::vector<bool> barriers = barriers_before(plan);
  return static_cast<size_t>(std::ranges::count(barriers, true));
}

std::vector<std::string> labels(const Plan& plan) {
  std::vector<std::string> all;
  for (const Dispatch& dispatch : plan.dispatches) all.push_back(dispatch.label);
  return all;
}

/// A plan's dispatches as they are in the woven plan, by the label of its strand.
std::vector<const Dispatch*> strand_of(const Plan& woven, const std::string& label) {
  std::vector<const Dispatch*> all;
  for (const Dispatch& dispatch : woven.dispatches) {
    if (dispatch.label.starts_with(label + "/")) all.push_back(&dispatch);
  }
  return all;
}

/// The same kernel, numbers and memory: everything but the label and the buffers' indices.
void expect_same(const Plan& plan, const Dispatch& dispatch, const Plan& woven,
                 const Dispatch& other) {
  EXPECT_EQ(other.kernel, dispatch.kernel);
  EXPECT_EQ(other.params, dispatch.params);
  EXPECT_EQ(other.constants, dispatch.constants);
  EXPECT_EQ(other.grid, dispatch.grid);
  ASSERT_EQ(other.bindings.size(), dispatch.bindings.size());
  for (size_t i = 0; i < other.bindings.size(); ++i) {
    const BufferView& view = dispatch.bindings[i];
    EXPECT_EQ(woven.buffers.at(other.bindings[i].buffer), plan.buffers[view.buffer]);
    EXPECT_EQ(other.bindings[i].offset, view.offset);
    EXPECT_EQ(other.bindings[i].bytes, view.bytes);
  }
}

TEST(Weave, AlignsBarriersLevelByLevel) {
  const auto device = null::create_device();
  const Plan a = chain(buffers(*device, 4));
  const Plan b = fan(buffers(*device, 3));
  const Plan c = chain(buffers(*device, 3));
  const std::vector<Strand> strands{{&a, "a"}, {&b, "b"}, {&c, "c"}};
  EXPECT_EQ(labels(weave(strands, "all")),
            (std::vector<std::string>{"a/link[0]", "b/rib[1]", "b/rib[2]", "c/link[0]", "a/link[1]",
                                      "c/link[1]", "a/link[2]"}));
}

TEST(Weave, KeepsAllDispatchesInTheOrderOfTheirPlans) {
  const auto device = null::create_device();
  const std::vector<Plan> plans{chain(buffers(*device, 6)), fan(buffers(*device, 5)),
                                chain(buffers(*device, 2)), chain(buffers(*device, 9))};
  std::vector<Strand> strands;
  for (const Plan& plan : plans) strands.push_back({&plan, fmt::format("run-{}", strands.size())});
  const Plan woven = weave(strands, "woven");
  EXPECT_EQ(woven.name, "woven");
  size_t total = 0, most = 0;
  for (const Strand& strand : strands) {
    const std::vector<const Dispatch*> own = strand_of(woven, strand.label);
    ASSERT_EQ(own.size(), strand.plan->dispatches.size());
    for (size_t i = 0; i < own.size(); ++i) {
      expect_same(*strand.plan, strand.plan->dispatches[i], woven, *own[i]);
      EXPECT_EQ(own[i]->label, strand.label + "/" + strand.plan->dispatches[i].label);
    }
    total += own.size();
    most = std::max(most, barrier_count(*strand.plan));
  }
  EXPECT_EQ(woven.dispatches.size(), total);
  EXPECT_EQ(barrier_count(woven), most);
  EXPECT_EQ(validate(woven, device->limits()), std::nullopt);
}

TEST(Weave, HoldsABufferThatAllReadOnce) {
  const auto device = null::create_device();
  const BufferPtr shared = buffers(*device, 1, "images")[0];
  std::vector<Plan> plans;
  for (int i = 0; i < 3; ++i) {
    std::vector<BufferPtr> own = buffers(*device, 2);
    own.insert(own.begin(), shared);
    plans.push_back(chain(own));
  }
  const std::vector<Strand> strands{{&plans[0], "a"}, {&plans[1], "b"}, {&plans[2], "c"}};
  const Plan woven = weave(strands, "woven");
  EXPECT_EQ(woven.buffers.size(), 7u);
  EXPECT_EQ(std::ranges::count(woven.buffers, shared), 1);
  EXPECT_EQ(barrier_count(woven), 1u);
}

TEST(Weave, RefusesPlansThatDependOnEachOther) {
  const auto device = null::create_device();
  const BufferPtr shared = buffers(*device, 1, "weights")[0];
  const BufferPtr other = buffers(*device, 1)[0];
  const Plan reader = chain({shared, buffers(*device, 1)[0]});
  const Plan writer = chain({other, shared});
  const std::string expected =
      "weave: expects independent plans, but one writes 'weights' and another uses it";
  for (const auto& [first, second] : {std::pair(&reader, &writer), std::pair(&writer, &reader)}) {
    const std::vector<Strand> strands{{first, "a"}, {second, "b"}};
    EXPECT_EQ(test::error_of([&] { weave(strands, "woven"); }), expected);
  }
}

TEST(Weave, RefusesBuffersWithoutMemory) {
  const Plan plan{.name = "lowered", .buffers = {nullptr}, .dispatches = {}};
  const std::vector<Strand> strands{{&plan, "a"}};
  EXPECT_EQ(test::error_of([&] { weave(strands, "woven"); }),
            "weave: a buffer of 'lowered' is not allocated");
}

TEST(Weave, LeavesASinglePlanAsItIs) {
  const auto device = null::create_device();
  const Plan plan = chain(buffers(*device, 4));
  const std::vector<Strand> strands{{&plan, ""}};
  EXPECT_EQ(labels(weave(strands, "one")), labels(plan));
}

DEVICE_TEST(Weave, ComputesWhatThePlansComputeAlone) {
  std::vector<std::vector<BufferPtr>> memory;
  std::vector<Plan> plans;
  for (uint32_t i = 0; i < 3; ++i) {
    memory.push_back(buffers(device, 3 + i));
    plans.push_back(chain(memory.back(), static_cast<float>(i + 1)));
  }
  const std::vector<Strand> strands{{&plans[0], "a"}, {&plans[1], "b"}, {&plans[2], "c"}};
  const auto woven = device.compile(weave(strands, "woven"));
  device.run(*woven);
  std::vector<std::vector<std::byte>> together;
  for (const auto& own : memory) together.push_back(device.read(*own.back())->take());
  for (size_t i = 0; i < plans.size(); ++i) {
    const std::vector<std::byte> zeros(memory[i].back()->bytes());
    device.write(*memory[i].back(), zeros);
    EXPECT_NE(together[i], zeros);
    device.run(*device.compile(plans[i]));
    EXPECT_EQ(device.read(*memory[i].back())->take(), together[i]);
  }
}

}  // namespace
}  // namespace pumice::hal
