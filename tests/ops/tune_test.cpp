#include "engine/ops/tune.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "engine/graph/step.h"
#include "engine/hal/device_with_limits.h"
#include "engine/ops/ops.h"
#include "engine/ops/shares.h"
#include "tests/support/devices.h"
#include "tests/support/limits.h"
#include "tests/support/transfer.h"

namespace pumice::test {
namespace {

using ops::CoreChoice;
using ops::GemmCore;
using ops::GemmShape;
using ops::Problem;

const GemmShape kWide = {128, 512, 784, false, true};
const GemmShape kSmallProduct = {64, 64, 64};
const ops::ConvShape kConv = {128, 32, 32, 4, 16, 16, 64, 4, 4, 2, 1, 1};

hal::Limits gpu() { return limits_of(hal::DeviceType::kDiscreteGpu, 32); }

hal::Limits with_table(hal::Limits limits, const hal::Tuning::Choices& choices) {
  limits.tuning = std::make_shared<hal::Tuning>(choices);
  return limits;
}

hal::Limits with_matrices(hal::Precision precision) {
  hal::Limits limits = gpu();
  limits.max_shared_bytes = 49152;
  limits.matrix_size = {16, 16, 16};
  limits.features |= static_cast<uint32_t>(hal::Feature::kCooperativeMatrix);
  limits.prefers.precision = precision;
  return limits;
}

hal::Tuning::Wanted wanted(const std::vector<Problem>& problems) {
  hal::Tuning::Wanted all;
  for (const Problem& problem : problems) all.emplace(ops::key_of(problem), problem);
  return all;
}

TEST(Tuned, names_shapes) {
  EXPECT_EQ(ops::key_of(kWide), "matmul 128x512x784 nt");
  EXPECT_EQ(ops::key_of(kConv), "conv 128x32x32x4 k4x4 s2 p1x1 128x16x16x64");
  EXPECT_EQ(ops::key_of(ops::ConvWeights{kConv}),
            "conv weights 128x32x32x4 k4x4 s2 p1x1 128x16x16x64");
}

TEST(Tuned, lists_the_rule_first_and_nothing_twice) {
  for (const Problem& problem :
       {Problem(kWide), Problem(kConv), Problem(ops::ConvWeights{kConv})}) {
    const std::vector<CoreChoice> all = ops::candidates(problem, gpu());
    EXPECT_EQ(all[0], ops::rule_for(problem, gpu()));
    std::set<std::pair<GemmCore, uint32_t>> different;
    for (const CoreChoice& choice : all) different.insert({choice.core, choice.parts});
    EXPECT_EQ(different.size(), all.size());
    for (GemmCore core : {GemmCore::kTile, GemmCore::kBlock64, GemmCore::kBlock128}) {
      EXPECT_TRUE(different.contains({core, 1}));
    }
    EXPECT_GE(all.size(), 5u);  // the convolution has only 64 terms to split
  }
}

TEST(Tuned, lists_only_what_the_device_can_run) {
  EXPECT_EQ(ops::candidates(GemmShape{128, 510, 64}, gpu()),
            (std::vector<CoreChoice>{{GemmCore::kTile, 1}, {GemmCore::kTile, 2}}));
  hal::Limits cpu = limits_of(hal::DeviceType::kCpu, 0);
  cpu.features = static_cast<uint32_t>(hal::Feature::kCpuCode);
  EXPECT_EQ(ops::candidates(kWide, cpu), (std::vector<CoreChoice>{{GemmCore::kPanels, 1}}));
  for (const CoreChoice& choice : ops::candidates(kWide, limits_of(hal::DeviceType::kCpu, 8))) {
    EXPECT_FALSE(ops::is_tile(choice.core));
  }
}

TEST(Tuned, lists_only_cores_of_the_precision_asked_for) {
  for (const Problem& problem :
       {Problem(kWide), Problem(kConv), Problem(ops::ConvWeights{kConv})}) {
    std::set<GemmCore> f32, mixed;
    for (const CoreChoice& choice : ops::candidates(problem, with_matrices(hal::Precision::kF32))) {
      f32.insert(choice.core);
    }
    for (const CoreChoice& choice :
         ops::candidates(problem, with_matrices(hal::Precision::kMixed))) {
      mixed.insert(choice.core);
    }
    EXPECT_EQ(f32, (std::set{GemmCore::kTile, GemmCore::kBlock64, GemmCore::kBlock128}));
    EXPECT_EQ(mixed, (std::set{GemmCore::kCooperative64, GemmCore::kCooperative128}));
  }
}

TEST(Tuned, keeps_a_table_for_each_precision) {
  EXPECT_EQ(ops::precision_on(with_matrices(hal::Precision::kSplit)), hal::Precision::kSplit);
  EXPECT_EQ(ops::key_of(kWide, hal::Precision::kSplit), "matmul 128x512x784 nt split");
  const hal::Limits limits = with_table(with_matrices(hal::Precision::kMixed),
                                        {{ops::key_of(kWide), {"cooperative_128", 4}}});
  EXPECT_EQ(ops::tuned_choice(kWide, limits), std::nullopt);
  EXPECT_TRUE(limits.tuning->wanted().contains("matmul 128x512x784 nt mixed"));
}

TEST(Tuned, lists_no_core_that_failed_its_self_test) {
  hal::Limits limits = gpu();
  limits.prefers.disabled.convolutions = 1u << static_cast<uint32_t>(GemmCore::kBlock128);
  const auto has_large = [&](const Problem& problem) {
    return std::ranges::any_of(ops::candidates(problem, limits), [](const CoreChoice& choice) {
      return choice.core == GemmCore::kBlock128;
    });
  };
  EXPECT_TRUE(has_large(kWide));
  EXPECT_FALSE(has_large(kConv));
  EXPECT_TRUE(has_large(ops::ConvWeights{kConv}));
}

TEST(Tuned, follows_the_table_and_records_what_it_lacks) {
  hal::Limits limits = with_table(gpu(), {{ops::key_of(kWide), {"block_128", 4}}});
  const ops::GemmLaunch launch = ops::choose_gemm(kWide, {}, limits);
  EXPECT_EQ(launch.kernel, ops::launch(GemmCore::kBlock128, kWide, {}, limits).kernel);
  EXPECT_EQ(launch.grid, (hal::Grid{4, 1, 4}));
  EXPECT_TRUE(limits.tuning->wanted().empty());

  const ops::GemmLaunch other = ops::choose_gemm(kSmallProduct, {}, limits);
  EXPECT_EQ(other.kernel, ops::choose_gemm(kSmallProduct, {}, gpu()).kernel);
  const hal::Tuning::Wanted missing = limits.tuning->wanted();
  ASSERT_EQ(missing.size(), 1u);
  EXPECT_TRUE(missing.contains("matmul 64x64x64 nn"));
}

TEST(Tuned, ignores_choices_that_are_no_candidates) {
  for (const hal::KernelChoice& wrong :
       {hal::KernelChoice{"no_core", 1}, {"subgroup", 1}, {"block_64", 100000}, {"block_64", 0}}) {
    const hal::Limits limits = with_table(gpu(), {{ops::key_of(kWide), wrong}});
    EXPECT_EQ(ops::choose_gemm(kWide, {}, limits).grid, ops::choose_gemm(kWide, {}, gpu()).grid);
  }
}

TEST(Tuned, yields_to_a_forced_core) {
  const hal::Limits limits = with_table(gpu(), {{ops::key_of(kWide), {"block_128", 4}}});
  const ops::ForcedCore forced(GemmCore::kTile);
  EXPECT_EQ(ops::choose_gemm(kWide, {}, limits).kernel,
            ops::launch(GemmCore::kTile, kWide, {}, limits).kernel);
}

/// A device on which `fast` takes `seconds` and everything else a second; a measurement takes a
/// second of its clock.
struct FakeDevice {
  CoreChoice fast;
  double seconds = 1;
  double time = 0;
  std::vector<std::string> measured = {};

  ops::TuneResult tune(const std::vector<Problem>& problems, double budget = 1000) {
    return ops::tune(wanted(problems), gpu(),
                     [this](const Problem& problem, const CoreChoice& choice, double /*best*/) {
                       measured.push_back(ops::key_of(problem));
                       time += 1;
                       return choice == fast ? seconds : 1;
                     },
                     {.seconds = budget, .now = [this] { return time; }});
  }
};

TEST(Tune, takes_the_fastest) {
  FakeDevice device{.fast = {GemmCore::kBlock128, 4}, .seconds = 0.5};
  const ops::TuneResult result = device.tune({kWide});
  EXPECT_EQ(result.choices.at(ops::key_of(kWide)), (hal::KernelChoice{"block_128", 4}));
  EXPECT_EQ(result.measured, 1u);
  EXPECT_EQ(result.changed, 1u);
}

TEST(Tune, keeps_the_rule_without_a_clear_winner) {
  FakeDevice device{.fast = {GemmCore::kBlock128, 4}, .seconds = 0.98};
  const ops::TuneResult result = device.tune({kWide});
  EXPECT_EQ(result.choices.at(ops::key_of(kWide)), ops::kernel_choice(ops::rule_for(kWide, gpu())));
  EXPECT_EQ(result.measured, 1u);
  EXPECT_EQ(result.changed, 0u);
}

TEST(Tune, measures_expensive_problems_first_and_stops_when_the_time_is_up) {
  FakeDevice device{.fast = {GemmCore::kTile, 1}, .seconds = 0.5};
  const size_t of_wide = ops::candidates(kWide, gpu()).size();
  const ops::TuneResult result = device.tune({kSmallProduct, kWide}, double(of_wide) + 2);
  EXPECT_EQ(device.measured.size(), of_wide + 2);  // one to compare with the winner
  EXPECT_EQ(device.measured.front(), ops::key_of(kWide));
  EXPECT_EQ(device.measured.back(), ops::key_of(kSmallProduct));
  EXPECT_EQ(result.measured, 1u);
  EXPECT_EQ(result.choices.at(ops::key_of(kSmallProduct)),
            ops::kernel_choice(ops::rule_for(kSmallProduct, gpu())));
}

TEST(Tune, skips_problems_for_which_the_time_does_not_suffice) {
  FakeDevice device{.fast = {GemmCore::kTile, 1}, .seconds = 0.5};
  const size_t of_small = ops::candidates(kSmallProduct, gpu()).size();
  ASSERT_LT(of_small + 2, ops::candidates(kWide, gpu()).size());
  const ops::TuneResult result = device.tune({kSmallProduct, kWide}, double(of_small) + 2);
  EXPECT_EQ(std::ranges::count(device.measured, ops::key_of(kWide)), 1);
  EXPECT_EQ(result.measured, 1u);
  EXPECT_EQ(result.choices.at(ops::key_of(kSmallProduct)), (hal::KernelChoice{"tile", 1}));
}

using Floats = std::vector<float>;

Floats numbers(size_t count) {
  Floats values(count);
  for (size_t i = 0; i < count; ++i) values[i] = static_cast<float>(i * 7919 % 201) / 100 - 1;
  return values;
}

/// A product, a convolution and its gradients.
Floats computed(hal::Device& device, const hal::Limits& limits) {
  Graph graph(limits);
  auto input = [&](const Shape& shape) {
    return graph.external(upload(device, numbers(shape.size()), "x"), shape, DType::kF32);
  };
  const Tensor a = input({20, 288}), b = input({288, 36}), x = input({2, 8, 8, 16}),
               weight = input({4, 4, 16, 12});
  const Tensor y = ops::conv2d(x, weight, {.stride = 2, .padding = {1, 1, 1, 1}});
  Tensors all = ops::gradients(ops::mean(ops::square(y)), {x, weight});
  all.push_back(ops::matmul(a, b));
  all.push_back(y);
  Step step(device, graph, "tuned", all);
  step.run();
  Floats values;
  for (const Tensor& tensor : all) {
    const Floats more = step.read_floats(tensor);
    values.insert(values.end(), more.begin(), more.end());
  }
  return values;
}

DRIVER_TEST(Tuned, computes_the_same_by_every_choice) {
  const hal::Limits limits = as_type(device.limits(), hal::DeviceType::kDiscreteGpu);
  const hal::Limits recording = with_table(limits, {});
  const Floats by_rule = computed(device, recording);
  EXPECT_EQ(recording.tuning->wanted().size(), 4u);
  for (size_t i = 0; i < 12; ++i) {
    hal::Tuning::Choices choices;
    for (const auto& [key, problem] : recording.tuning->wanted()) {
      const auto all = ops::candidates(std::any_cast<Problem>(problem), limits);
      choices[key] = ops::kernel_choice(all[i % all.size()]);
    }
    const hal::Limits tuned = with_table(limits, choices);
    const Floats values = computed(device, tuned);
    EXPECT_TRUE(tuned.tuning->wanted().empty());
    ASSERT_EQ(values.size(), by_rule.size());
    for (size_t at = 0; at < values.size(); ++at) {
      ASSERT_NEAR(values[at], by_rule[at], 2e-4 * (1 + std::abs(by_rule[at]))) << i << ": " << at;
    }
    EXPECT_EQ(computed(device, tuned), values);  // the same bits
  }
}

DRIVER_TEST(Tune, measures_every_candidate) {
  hal::DeviceWithLimits as_gpu(device, as_type(device.limits(), hal::DeviceType::kDiscreteGpu));
  const ops::ConvShape conv = {2, 8, 8, 16, 4, 4, 12, 4, 4, 2, 1, 1};
  ops::ConvShape transposed = {2, 4, 4, 12, 8, 8, 16, 4, 4, 2, 1, 1, true};
  const ops::Measure measure = ops::measure_on(as_gpu);
  for (const Problem& problem : {Problem(GemmShape{20, 36, 288, true, true}), Problem(conv),
                                 Problem(transposed), Problem(ops::ConvWeights{conv})}) {
    const std::vector<CoreChoice> all = ops::candidates(problem, as_gpu.limits());
    for (size_t i = 0; i < std::min<size_t>(all.size(), 4); ++i) {
      const double seconds = measure(problem, all[i], 1);
      EXPECT_GT(seconds, 0);
      EXPECT_TRUE(std::isfinite(seconds));
    }
  }
}

}  // namespace
}  // namespace pumice::test
