#include "engine/ops/self_test.h"

#include <cmath>
#include <cstring>
#include <span>
#include <vector>

#include "engine/base/require.h"
#include "engine/ops/gemm.h"
#include "kernels/matmul_subgroup.h"

namespace pumice::ops {
namespace {

using Floats = std::vector<float>;

constexpr double kTolerance = 1e-4;  // for sums of 40 products of numbers up to 1

Floats numbers(size_t count, uint32_t factor) {
  Floats values(count);
  for (size_t i = 0; i < count; ++i) values[i] = static_cast<float>(i * factor % 201) / 100 - 1;
  return values;
}

/// All transposes, with extents that leave the last row and column of tiles partly filled.
std::vector<GemmShape> probes(const hal::Limits& limits) {
  std::vector<GemmShape> shapes;
  for (auto [a, b] : {std::pair{false, false}, {false, true}, {true, false}}) {
    shapes.push_back({36, 4 * limits.subgroup_size + 4, 40, a, b});
  }
  return shapes;
}

double wanted(const GemmShape& shape, const Floats& a, const Floats& b, uint32_t row,
              uint32_t column) {
  double sum = 0;
  for (uint32_t i = 0; i < shape.k; ++i) {
    double left = a[shape.transpose_a ? i * shape.m + row : row * shape.k + i];
    double right = b[shape.transpose_b ? column * shape.k + i : i * shape.n + column];
    sum += left * right;
  }
  return sum;
}

bool is_right(const GemmShape& shape, const Floats& a, const Floats& b, const Floats& c) {
  for (uint32_t row = 0; row < shape.m; ++row) {
    for (uint32_t column = 0; column < shape.n; ++column) {
      double difference = c[row * shape.n + column] - wanted(shape, a, b, row, column);
      if (!(std::abs(difference) <= kTolerance)) return false;  // catches NaN too
    }
  }
  return true;
}

Floats compute(hal::Device& device, const GemmShape& shape, const Floats& a, const Floats& b) {
  uint64_t bytes = uint64_t{4} * shape.m * shape.n;
  GemmLaunch launch = ops::launch(GemmCore::kSubgroup, shape, {}, device.limits());
  hal::Plan plan{.name = "self-test",
                 .buffers = {device.allocate(4 * a.size(), "self-test.a"),
                             device.allocate(4 * b.size(), "self-test.b"),
                             device.allocate(bytes, "self-test.c")},
                 .dispatches = {{.kernel = launch.kernel,
                                 .bindings = {{0, 0, 4 * a.size()},
                                              {1, 0, 4 * b.size()},
                                              {1, 0, 4 * b.size()},
                                              {2, 0, bytes}},
                                 .params = launch.params,
                                 .constants = launch.constants,
                                 .grid = launch.grid,
                                 .label = "self-test"}}};
  device.write(*plan.buffers[0], std::as_bytes(std::span(a)));
  device.write(*plan.buffers[1], std::as_bytes(std::span(b)));
  auto program = device.compile(plan);
  device.run(*program);
  std::vector<std::byte> result = device.read(*plan.buffers[2])->take();
  Floats c(bytes / 4);
  std::memcpy(c.data(), result.data(), bytes);
  return c;
}

/// A driver that rejects the kernel counts as one that computes it wrong; a lost device throws
/// again on its next call.
bool subgroup_core_is_right(hal::Device& device) try {
  for (const GemmShape& shape : probes(device.limits())) {
    Floats a = numbers(size_t{shape.m} * shape.k, 7919);
    Floats b = numbers(size_t{shape.k} * shape.n, 6101);
    if (!is_right(shape, a, b, compute(device, shape, a, b))) return false;
  }
  return true;
} catch (const Error&) {
  return false;
}

}  // namespace

const hal::Kernel* self_tested_kernel(const hal::Limits& limits) {
  const bool is_used = choose_core(probes(limits)[0], limits) == GemmCore::kSubgroup;
  return is_used ? &kernels::matmul_subgroup : nullptr;
}

uint32_t wrong_features(hal::Device& device) {
  if (!self_tested_kernel(device.limits()) || subgroup_core_is_right(device)) return 0;
  return static_cast<uint32_t>(hal::Feature::kTexelBuffer);
}

}  // namespace pumice::ops
