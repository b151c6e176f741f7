#pragma once

#include <string>
#include <utility>
#include <vector>

#include "engine/hal/device.h"
#include "engine/hal/pack.h"
#include "kernels/test_affine.h"
#include "kernels/test_increment.h"

namespace pumice::test {

/// All of buffer `index`.
inline hal::BufferView whole(const std::vector<hal::BufferPtr>& buffers, uint32_t index) {
  return {index, 0, buffers[index]->bytes()};
}

inline uint32_t groups_for(uint32_t count, const hal::Kernel& kernel) {
  return (count + kernel.group_size[0] - 1) / kernel.group_size[0];
}

/// `times` dispatches that each add 1 to the first `count` numbers of `x`.
inline hal::Plan increment_plan(const hal::BufferPtr& x, uint32_t count, int times = 1) {
  hal::Plan plan = {.name = "increment", .buffers = {x}};
  for (int i = 0; i < times; ++i) {
    plan.dispatches.push_back({.kernel = &kernels::test_increment,
                               .bindings = {whole(plan.buffers, 0)},
                               .params = pack(kernels::TestIncrementParams{.count = count}),
                               .grid = {groups_for(count, kernels::test_increment), 1, 1},
                               .label = "increment"});
  }
  return plan;
}

/// buffers[to] = scale * buffers[from] + offset
inline hal::Dispatch affine(const std::vector<hal::BufferPtr>& buffers, uint32_t from, uint32_t to,
                            uint32_t count, float scale, float offset) {
  return {
      .kernel = &kernels::test_affine,
      .bindings = {whole(buffers, from), whole(buffers, to)},
      .params = pack(kernels::TestAffineParams{.count = count, .scale = scale, .offset = offset}),
      .grid = {groups_for(count, kernels::test_affine), 1, 1},
      .label = "affine"};
}

}  // namespace pumice::test
