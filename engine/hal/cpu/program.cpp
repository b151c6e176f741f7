#include "engine/hal/cpu/program.h"

#include <cstring>
#include <limits>
#include <set>

namespace pumice::hal::cpu {
namespace {

constexpr uint64_t kAxes = 3;
// Other threads join within some microseconds, in which one thread reads and writes about this
// much.
constexpr uint64_t kSmallBytes = 16 * 1024;

void require_runnable(const Dispatch& dispatch) {
  const Kernel& kernel = *dispatch.kernel;
  require(!kernel.cpu.empty(), "compile: kernel {} has no form for CPUs (dispatch '{}')",
          kernel.name, dispatch.label);
  const FixedConstant& fixed = kernel.cpu_fixed;
  if (fixed.id < 0 || dispatch.constants.empty()) return;
  const uint32_t value = dispatch.constants[static_cast<size_t>(fixed.id)];
  require(value == fixed.value,
          "compile: kernel {} runs on CPUs only if specialization constant {} is {}, got {} "
          "(dispatch '{}')",
          kernel.name, fixed.id, fixed.value, value, dispatch.label);
}

uint32_t group_count(const Dispatch& dispatch) {
  const uint64_t count = uint64_t{dispatch.grid[0]} * dispatch.grid[1] * dispatch.grid[2];
  require(count <= std::numeric_limits<uint32_t>::max(), "compile: dispatch '{}' has {} workgroups",
          dispatch.label, count);
  return static_cast<uint32_t>(count);
}

/// The indices of the buffers that a plan writes.
std::vector<uint32_t> written_by(const Plan& plan) {
  std::set<uint32_t> buffers;
  for (const Dispatch& dispatch : plan.dispatches) {
    for (size_t i = 0; i < dispatch.bindings.size(); ++i) {
      if (writes(dispatch.kernel->bindings[i])) buffers.insert(dispatch.bindings[i].buffer);
    }
  }
  return {buffers.begin(), buffers.end()};
}

uint64_t words_of(const Dispatch& dispatch) {
  return dispatch.constants.size() + dispatch.params.size() / sizeof(uint32_t) + kAxes;
}

bool is_small(const Dispatch& dispatch) {
  uint64_t bytes = 0;
  for (const BufferView& view : dispatch.bindings) bytes += view.bytes;
  return bytes <= kSmallBytes;
}

}  // namespace

Program::Program(const Plan& plan, size_t set)
    : buffers_(plan.buffers), written_(written_by(plan)), levels_(between_barriers(plan)) {
  for (const BufferPtr& buffer : plan.buffers) own_buffer(*buffer, "compile");
  uint64_t words = 0, bindings = 0;
  for (const Dispatch& dispatch : plan.dispatches) {
    require_runnable(dispatch);
    words += words_of(dispatch);
    bindings += dispatch.bindings.size();
  }
  words_.reserve(words);
  bindings_.reserve(bindings);
  tasks_.reserve(plan.dispatches.size());
  for (const Dispatch& dispatch : plan.dispatches) add(plan, dispatch, set);
}

void Program::add(const Plan& plan, const Dispatch& dispatch, size_t set) {
  Task task{.form = dispatch.kernel->cpu[set],
            .groups = group_count(dispatch),
            .is_small = is_small(dispatch)};
  if (!dispatch.constants.empty()) task.call.constants = words_.data() + words_.size();
  words_.insert(words_.end(), dispatch.constants.begin(), dispatch.constants.end());
  task.call.grid = words_.data() + words_.size();
  words_.insert(words_.end(), dispatch.grid.begin(), dispatch.grid.end());
  task.call.params = words_.data() + words_.size();
  const size_t begin = words_.size();
  words_.resize(begin + dispatch.params.size() / sizeof(uint32_t));
  if (!dispatch.params.empty()) {
    std::memcpy(words_.data() + begin, dispatch.params.data(), dispatch.params.size());
  }
  task.call.bindings = bindings_.data() + bindings_.size();
  for (const BufferView& view : dispatch.bindings) {
    bindings_.push_back(own_buffer(*plan.buffers[view.buffer], "compile").data() + view.offset);
  }
  tasks_.push_back(task);
}

void Program::run(Pool& pool) const {
  pool.expect_more(true);
  for (const auto& [begin, end] : levels_) {
    pool.run(std::span(tasks_).subspan(begin, end - begin));
  }
  pool.expect_more(false);
}

}  // namespace pumice::hal::cpu
