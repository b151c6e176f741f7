#include "engine/ops/gemm.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>
#include <span>

#include "engine/ops/ops.h"
#include "tests/support/activations.h"
#include "tests/support/devices.h"
#include "tests/support/errors.h"
#include "tests/support/limits.h"
#include "tests/support/transfer.h"

namespace pumice::test {
namespace {

using ops::Activation;
using ops::GemmCore;
using ops::GemmEpilogue;
using ops::GemmShape;
using ops::SumOperand;
using Floats = std::vector<float>;

constexpr GemmCore kCores[] = {GemmCore::kPanels,  GemmCore::kSubgroup, GemmCore::kRegisters,
                               GemmCore::kRow,     GemmCore::kScalar,   GemmCore::kTile,
                               GemmCore::kBlock64, GemmCore::kBlock128};
constexpr auto kActivations = static_cast<uint32_t>(kernels::kNames<Activation>.size());
constexpr float kSlope = 0.2f;
constexpr float kGarbage = 777;  // in C before the kernel runs, its padding included

// One, primes, and sizes around those of every tile (4, 8, 16, 32, 64 rows; 4, 8, 32, 64 columns;
// depth 4, 16).
const std::vector<GemmShape> kSizes = {
    {1, 1, 1},    {2, 3, 5},    {7, 11, 13},  {15, 63, 17},  {16, 64, 16}, {17, 65, 15},
    {63, 67, 31}, {64, 64, 64}, {65, 66, 33}, {127, 129, 2}, {1, 131, 97}, {128, 1, 64},
};
// The same for kernels that read vec4s.
const std::vector<GemmShape> kVec4Sizes = {
    {1, 4, 4},    {3, 8, 4},      {4, 4, 4},      {15, 28, 8},    {16, 32, 12},
    {17, 36, 16}, {31, 60, 20},   {32, 64, 32},   {33, 68, 4},    {36, 124, 40},
    {64, 128, 8}, {67, 132, 100}, {129, 132, 36}, {132, 260, 16}, {260, 128, 28},
};

struct Case {
  GemmShape shape;
  GemmEpilogue epilogue;
  Floats a, b;
  Floats operand;  // the bias, or v
};

Floats random_numbers(size_t count, std::mt19937& random) {
  std::uniform_real_distribution<float> distribution(-1, 1);
  Floats values(count);
  for (float& value : values) value = distribution(random);
  return values;
}

Case make_case(const GemmShape& shape, const GemmEpilogue& epilogue) {
  std::mt19937 random(shape.m * 10007 + shape.n * 101 + shape.k);
  const bool is_derivative = epilogue.operand == SumOperand::kDerivative;
  return {shape, epilogue, random_numbers(size_t{shape.m} * shape.k, random),
          random_numbers(size_t{shape.k} * shape.n, random),
          random_numbers(is_derivative ? size_t{shape.m} * shape.n : shape.n, random)};
}

/// Row-major, followed by the zeros that pad it to whole vec4s.
std::vector<double> reference(const Case& c) {
  const GemmShape& s = c.shape;
  std::vector<double> result((size_t{s.m} * s.n + 3) / 4 * 4, 0.0);
  for (size_t row = 0; row < s.m; ++row) {
    for (size_t column = 0; column < s.n; ++column) {
      double sum = c.epilogue.operand == SumOperand::kBias ? c.operand[column] : 0.0;
      for (size_t i = 0; i < s.k; ++i) {
        sum += double{c.a[s.transpose_a ? i * s.m + row : row * s.k + i]} *
               c.b[s.transpose_b ? column * s.k + i : i * s.n + column];
      }
      const auto activation = static_cast<Activation>(c.epilogue.activation);
      result[row * s.n + column] =
          c.epilogue.operand == SumOperand::kDerivative
              ? sum * derivative_from(activation, c.operand[row * s.n + column], kSlope)
              : activated(activation, sum, kSlope);
    }
  }
  return result;
}

size_t padded(size_t count) { return (count + 3) / 4 * 4; }

/// All cases in one plan; case i has the buffers 4i … 4i+3.
class Multiplications {
 public:
  Multiplications(hal::Device& device, GemmCore core, const std::vector<Case>& cases)
      : device_(device), cases_(cases), plan_{.name = std::string(name(core))} {
    for (const Case& c : cases) add(core, c);
    program_ = device.compile(plan_);
  }

  /// One case with split terms.
  Multiplications(hal::Device& device, GemmCore core, const Case& c, const ops::TermSplit& split)
      : device_(device), one_{c}, cases_(one_), plan_{.name = std::string(name(core))} {
    add(core, c, split);
    program_ = device.compile(plan_);
  }

  /// The sums of the only case's partial sums.
  Floats sums() {
    const size_t size = size_of_c(0), splits = plan_.buffers[3]->bytes() / 4 / size;
    upload(device_, plan_.buffers[3], Floats(size * splits, kGarbage));
    device_.run(*program_);
    const Floats partial = download<float>(device_, plan_.buffers[3], size * splits);
    Floats sums(size, 0.0f);
    for (size_t i = 0; i < partial.size(); ++i) sums[i % size] += partial[i];
    return sums;
  }

  /// C of each case, including its padding.
  std::vector<Floats> run() {
    for (size_t i = 0; i < cases_.size(); ++i) {
      upload(device_, plan_.buffers[4 * i + 3], Floats(size_of_c(i), kGarbage));
    }
    device_.run(*program_);
    std::vector<Floats> results;
    for (size_t i = 0; i < cases_.size(); ++i) {
      results.push_back(download<float>(device_, plan_.buffers[4 * i + 3], size_of_c(i)));
    }
    return results;
  }

 private:
  size_t size_of_c(size_t i) const { return padded(size_t{cases_[i].shape.m} * cases_[i].shape.n); }

  void add(GemmCore core, const Case& c, const ops::TermSplit& split = {}) {
    auto first = static_cast<uint32_t>(plan_.buffers.size());
    for (const Floats* values : {&c.a, &c.b, &c.operand}) {
      plan_.buffers.push_back(upload(device_, *values, "gemm"));
    }
    plan_.buffers.push_back(
        device_.allocate(4 * split.count * padded(size_t{c.shape.m} * c.shape.n), "gemm.c"));
    hal::Dispatch dispatch;
    for (uint32_t slot = 0; slot < 4; ++slot) {
      // Without an operand, B is bound in its place, as ops do.
      const bool is_unused = slot == 2 && c.epilogue.operand == SumOperand::kUnused;
      uint32_t buffer = first + (is_unused ? 1 : slot);
      dispatch.bindings.push_back({buffer, 0, plan_.buffers[buffer]->bytes()});
    }
    ops::GemmLaunch launch = ops::launch(core, c.shape, c.epilogue, device_.limits(), split);
    dispatch.kernel = launch.kernel;
    dispatch.params = launch.params;
    dispatch.constants = launch.constants;
    dispatch.grid = launch.grid;
    plan_.dispatches.push_back(dispatch);
  }

  hal::Device& device_;
  std::vector<Case> one_;
  const std::vector<Case>& cases_;
  hal::Plan plan_;
  std::unique_ptr<hal::Program> program_;
};

void expect_product(const Case& c, const Floats& got) {
  std::vector<double> wanted = reference(c);
  double tolerance = 1e-5 + 1e-6 * c.shape.k;
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (std::abs(got[i] - wanted[i]) <= tolerance) continue;
    ADD_FAILURE() << fmt::format(
        "m={} n={} k={} transpose_a={} transpose_b={} operand={} act={}: "
        "element {} is {}, expected {}",
        c.shape.m, c.shape.n, c.shape.k, c.shape.transpose_a, c.shape.transpose_b,
        static_cast<uint32_t>(c.epilogue.operand), c.epilogue.activation, i, got[i], wanted[i]);
    return;
  }
}

/// 4 lanes are excluded from the subgroup core by its own rule: see gemm.cpp.
void check_core(hal::Device& device, GemmCore core, const std::vector<Case>& all) {
  std::vector<Case> cases;
  std::copy_if(all.begin(), all.end(), std::back_inserter(cases),
               [&](const Case& c) { return ops::can_compute(core, c.shape, device.limits()); });
  if (cases.empty()) return;
  Multiplications multiplications(device, core, cases);
  std::vector<Floats> first = multiplications.run();
  EXPECT_EQ(first, multiplications.run()) << name(core) << ": a second run gives different bits";
  for (size_t i = 0; i < cases.size(); ++i) expect_product(cases[i], first[i]);
}

DEVICE_TEST(Gemm, multiplies_every_size_in_every_transpose) {
  std::vector<Case> cases;
  for (const auto& sizes : {kSizes, kVec4Sizes}) {
    for (GemmShape shape : sizes) {
      for (int transposes = 0; transposes < 4; ++transposes) {
        shape.transpose_a = transposes & 1;
        shape.transpose_b = transposes & 2;
        cases.push_back(make_case(shape, {}));
      }
    }
  }
  for (GemmCore core : kCores) check_core(device, core, cases);
}

/// SwiftShader, with its four lanes, takes a second to compile a variant of a core.
bool compiles_slowly(const hal::Limits& limits) { return limits.subgroup_size == 4; }

/// Every core with every epilogue or, where that takes minutes, each core with every fourth
/// activation: all cores include the same code for them.
void check_epilogues(hal::Device& device, const std::vector<Case>& all) {
  const uint32_t stride = compiles_slowly(device.limits()) ? 4 : 1;
  for (GemmCore core : kCores) {
    const uint32_t first = static_cast<uint32_t>(core) % stride;
    std::vector<Case> cases;
    std::ranges::copy_if(all, std::back_inserter(cases),
                         [&](const Case& c) { return c.epilogue.activation % stride == first; });
    check_core(device, core, cases);
  }
}

DEVICE_TEST(Gemm, adds_the_bias_and_applies_every_activation) {
  std::vector<Case> cases;
  for (uint32_t activation = 0; activation < kActivations; ++activation) {
    GemmEpilogue epilogue{.operand = SumOperand::kBias, .activation = activation, .slope = kSlope};
    for (GemmShape shape : {GemmShape{33, 36, 12}, GemmShape{5, 7, 3}}) {
      shape.transpose_b = true;
      cases.push_back(make_case(shape, epilogue));
    }
  }
  check_epilogues(device, cases);
}

DEVICE_TEST(Gemm, multiplies_by_the_derivative_of_every_activation) {
  constexpr auto kSoftplus = static_cast<uint32_t>(Activation::kSoftplus);
  if (!has(device.limits(), hal::Feature::kFusedKernels)) GTEST_SKIP() << "not on this device";
  std::vector<Case> cases;
  for (uint32_t activation = 0; activation < kActivations; ++activation) {
    for (GemmShape shape : {GemmShape{33, 36, 12}, GemmShape{5, 7, 3}, GemmShape{2, 8, 4}}) {
      for (const bool transpose_b : {false, true}) {
        shape.transpose_b = transpose_b;
        cases.push_back(make_case(
            shape,
            {.operand = SumOperand::kDerivative, .activation = activation, .slope = kSlope}));
        // A softplus is not negative.
        for (float& v : cases.back().operand) v = activation == kSoftplus ? std::abs(v) : v;
      }
    }
  }
  check_epilogues(device, cases);
}

DEVICE_TEST(Gemm, saturates_without_nan) {
  Case large = make_case({4, 4, 4}, {});
  for (Floats* values : {&large.a, &large.b}) {
    for (float& value : *values) value = std::copysign(20.0f, value);
  }
  std::vector<Case> cases;
  for (uint32_t activation = 1; activation < kActivations; ++activation) {
    large.epilogue = {.activation = activation, .slope = kSlope};
    cases.push_back(large);
  }
  check_core(device, ops::choose_core(large.shape, device.limits()), cases);
}

TEST(GemmChoice, follows_the_device_and_the_shape) {
  hal::Limits lavapipe = limits_of(hal::DeviceType::kCpu, 8);
  EXPECT_EQ(ops::choose_core({256, 784, 400}, lavapipe), GemmCore::kSubgroup);
  EXPECT_EQ(ops::choose_core({255, 784, 400}, lavapipe), GemmCore::kSubgroup);
  EXPECT_EQ(ops::choose_core({255, 784, 400, true, false}, lavapipe), GemmCore::kScalar);
  EXPECT_EQ(ops::choose_core({256, 783, 400}, lavapipe), GemmCore::kScalar);
  EXPECT_EQ(ops::choose_core({256, 784, 399}, lavapipe), GemmCore::kScalar);
  EXPECT_EQ(ops::choose_core({256, 784, 400}, limits_of(hal::DeviceType::kCpu, 4)),
            GemmCore::kRegisters);
  EXPECT_EQ(ops::choose_core({2, 784, 400}, limits_of(hal::DeviceType::kCpu, 4)), GemmCore::kRow);
  EXPECT_EQ(ops::choose_core({3, 784, 400}, limits_of(hal::DeviceType::kCpu, 4)),
            GemmCore::kRegisters);
  hal::Limits gpu = limits_of(hal::DeviceType::kDiscreteGpu, 32);
  EXPECT_EQ(ops::choose_core({256, 784, 400}, gpu), GemmCore::kBlock64);
  EXPECT_EQ(ops::choose_core({256, 784, 399}, gpu), GemmCore::kTile);
  EXPECT_EQ(ops::choose_core({2048, 2048, 400}, gpu), GemmCore::kBlock128);
  EXPECT_EQ(ops::choose_core({65536, 64, 400}, gpu), GemmCore::kBlock64);  // half of 128 is unused
  EXPECT_EQ(ops::choose_core({2048, 2048, 400}, limits_of(hal::DeviceType::kOther, 0)),
            GemmCore::kTile);
}

TEST(GemmChoice, prefers_native_code) {
  hal::Limits cpu = limits_of(hal::DeviceType::kCpu, 0);
  cpu.features = static_cast<uint32_t>(hal::Feature::kCpuCode);
  EXPECT_EQ(ops::choose_core({256, 784, 400}, cpu), GemmCore::kPanels);
  EXPECT_EQ(ops::choose_core({255, 783, 399, true, true}, cpu), GemmCore::kPanels);
  EXPECT_EQ(ops::choose_gemm({65, 33, 4}, {}, cpu).grid, (hal::Grid{2, 2, 1}));
}

TEST(GemmChoice, keeps_off_texel_buffers_that_are_missing_or_too_small) {
  hal::Limits limits = limits_of(hal::DeviceType::kCpu, 8);
  limits.max_texel_elements = 784 * 400 / 4;
  EXPECT_EQ(ops::choose_core({256, 784, 400}, limits), GemmCore::kSubgroup);
  limits.max_texel_elements -= 1;
  EXPECT_EQ(ops::choose_core({256, 784, 400}, limits), GemmCore::kRegisters);
  limits = limits_of(hal::DeviceType::kCpu, 8);
  limits.features &= ~static_cast<uint32_t>(hal::Feature::kTexelBuffer);
  EXPECT_EQ(ops::choose_core({256, 784, 400}, limits), GemmCore::kRegisters);
}

TEST(GemmChoice, covers_c_with_tiles) {
  hal::Limits limits = limits_of(hal::DeviceType::kCpu, 8);
  EXPECT_EQ(ops::choose_gemm({33, 36, 4}, {}, limits).grid, (hal::Grid{2, 2, 1}));
  EXPECT_EQ(ops::choose_gemm({32, 32, 4}, {}, limits).grid, (hal::Grid{1, 1, 1}));
  EXPECT_EQ(ops::launch(GemmCore::kTile, {65, 64, 1}, {}, limits).grid, (hal::Grid{1, 2, 1}));
  EXPECT_EQ(ops::launch(GemmCore::kScalar, {16, 65, 1}, {}, limits).grid, (hal::Grid{2, 1, 1}));
  EXPECT_EQ(ops::launch(GemmCore::kRow, {2, 36, 4}, {}, limits).grid, (hal::Grid{2, 2, 1}));
}

// The partial sums are added here.
DEVICE_TEST(Gemm, splits_the_terms) {
  for (GemmCore core : {GemmCore::kTile, GemmCore::kBlock64, GemmCore::kBlock128}) {
    for (GemmShape shape : {GemmShape{5, 8, 100}, GemmShape{68, 132, 64}, GemmShape{128, 1, 200}}) {
      for (int transposes = 0; transposes < 4; ++transposes) {
        shape.transpose_a = transposes & 1;
        shape.transpose_b = transposes & 2;
        if (!ops::can_compute(core, shape, device.limits())) continue;
        const Case c = make_case(shape, {.operand = SumOperand::kBias, .activation = 1});
        const ops::TermSplit split{.count = (shape.k + 31) / 32, .terms = 32};
        expect_product({c.shape, {}, c.a, c.b, c.operand},
                       Multiplications(device, core, c, split).sums());
      }
    }
  }
}

TEST(GemmChoice, splits_many_terms_of_few_tiles) {
  hal::Limits gpu = limits_of(hal::DeviceType::kDiscreteGpu, 32);
  auto splits = [&](const GemmShape& shape) { return ops::choose_gemm(shape, {}, gpu).splits; };
  EXPECT_EQ(splits({128, 1, 8192}), 128u);    // 2 tiles, 64 terms each
  EXPECT_EQ(splits({128, 512, 784}), 10u);    // 16 tiles, 80 terms each
  EXPECT_EQ(splits({128, 512, 252}), 1u);     // not worth another dispatch
  EXPECT_EQ(splits({1024, 1024, 1024}), 1u);  // enough tiles
  EXPECT_EQ(ops::choose_gemm({128, 512, 784}, {}, gpu).grid, (hal::Grid{8, 2, 10}));
  for (hal::DeviceType type : {hal::DeviceType::kCpu, hal::DeviceType::kOther}) {
    EXPECT_EQ(ops::choose_gemm({128, 512, 784}, {}, limits_of(type, 8)).splits, 1u);
  }
}

TEST(GemmChoice, refuses_what_no_grid_holds) {
  hal::Limits limits = limits_of(hal::DeviceType::kDiscreteGpu, 32);
  EXPECT_EQ(error_of([&] {
              ops::choose_gemm({0, 2, 3}, {}, limits);
            }),
            "matmul: expects extents of at least 1, got m = 0, n = 2, k = 3");
  EXPECT_EQ(error_of([&] {
              ops::choose_gemm({65536 * 64, 1, 1}, {}, limits);
            }),
            "matmul: [4194304, 1] takes 65536 x 1 workgroups, the device has at most 65535 along "
            "an axis");
}

}  // namespace
}  // namespace pumice::test
