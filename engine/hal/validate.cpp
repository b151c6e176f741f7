#include "engine/hal/validate.h"

#include <fmt/format.h>

#include <algorithm>
#include <unordered_set>

namespace pumice::hal {
namespace {

using Problem = std::optional<std::string>;

constexpr uint64_t kTexelBytes = 16;  // RGBA32F

template <typename... Args>
Problem problem(fmt::format_string<Args...> format, Args&&... args) {
  return fmt::format(format, std::forward<Args>(args)...);
}

Problem check_buffers(const Plan& plan) {
  std::unordered_set<const Buffer*> seen;
  for (size_t i = 0; i < plan.buffers.size(); ++i) {
    const Buffer* buffer = plan.buffers[i].get();
    if (!buffer) return problem("buffer {} is null", i);
    if (!seen.insert(buffer).second) {
      return problem("buffer {} ('{}') is listed twice", i, buffer->label());
    }
  }
  return {};
}

std::string_view missing_feature(uint32_t missing) {
  if (missing & static_cast<uint32_t>(Feature::kSubgroupShuffle)) return "subgroup shuffle";
  if (missing & static_cast<uint32_t>(Feature::kTexelBuffer)) return "RGBA32F texel buffers";
  if (missing & static_cast<uint32_t>(Feature::kCooperativeMatrix)) return "cooperative matrices";
  return "a feature";
}

Problem check_kernel(const Kernel& kernel, const Limits& limits) {
  if (uint32_t missing = kernel.features & ~limits.features) {
    return problem("needs {}, which {} does not have", missing_feature(missing),
                   limits.device_name);
  }
  auto [x, y, z] = kernel.group_size;
  if (uint64_t threads = uint64_t{x} * y * z; threads > limits.max_group_threads) {
    return problem("has groups of {} threads, at most {}", threads, limits.max_group_threads);
  }
  if (kernel.shared_bytes > limits.max_shared_bytes) {
    return problem("needs {} bytes of shared memory, at most {}", kernel.shared_bytes,
                   limits.max_shared_bytes);
  }
  if (kernel.bindings.size() > limits.max_bindings) {
    return problem("has {} bindings, at most {}", kernel.bindings.size(), limits.max_bindings);
  }
  if (kernel.params_bytes > limits.max_params_bytes) {
    return problem("has {} bytes of params, at most {}", kernel.params_bytes,
                   limits.max_params_bytes);
  }
  return {};
}

Problem check_shape(const Dispatch& dispatch, const Limits& limits) {
  const Kernel& kernel = *dispatch.kernel;
  if (dispatch.bindings.size() != kernel.bindings.size()) {
    return problem("expects {} bindings, got {}", kernel.bindings.size(), dispatch.bindings.size());
  }
  if (dispatch.params.size() != kernel.params_bytes) {
    return problem("expects {} bytes of params, got {}", kernel.params_bytes,
                   dispatch.params.size());
  }
  if (!dispatch.constants.empty() && dispatch.constants.size() != kernel.constant_count) {
    return problem("expects 0 or {} constants, got {}", kernel.constant_count,
                   dispatch.constants.size());
  }
  for (uint32_t groups : dispatch.grid) {
    if (groups == 0 || groups > limits.max_groups) {
      return problem("expects a grid of 1 to {} groups along each axis, got {} × {} × {}",
                     limits.max_groups, dispatch.grid[0], dispatch.grid[1], dispatch.grid[2]);
    }
  }
  return {};
}

Problem check_texels(const BufferView& view, const Limits& limits) {
  if (view.bytes % kTexelBytes != 0) {
    return problem("{} bytes are not a whole number of texels ({} bytes each)", view.bytes,
                   kTexelBytes);
  }
  if (view.bytes / kTexelBytes > limits.max_texel_elements) {
    return problem("{} texels, at most {}", view.bytes / kTexelBytes, limits.max_texel_elements);
  }
  return {};
}

Problem check_view(const Plan& plan, const BufferView& view, Access access, const Limits& limits) {
  if (view.buffer >= plan.buffers.size()) {
    return problem("buffer {} of {}", view.buffer, plan.buffers.size());
  }
  const Buffer& buffer = *plan.buffers[view.buffer];
  if (view.bytes == 0 || view.bytes % 4 != 0) {
    return problem("{} bytes of '{}', expected a multiple of 4", view.bytes, buffer.label());
  }
  if (view.offset % limits.buffer_offset_alignment != 0) {
    return problem("offset {} in '{}', expected a multiple of {}", view.offset, buffer.label(),
                   limits.buffer_offset_alignment);
  }
  if (view.offset > buffer.bytes() || view.bytes > buffer.bytes() - view.offset) {
    return problem("{} bytes at {} reach past the end of '{}' ({} bytes)", view.bytes, view.offset,
                   buffer.label(), buffer.bytes());
  }
  if (access == Access::kTexel) return check_texels(view, limits);
  if (view.bytes > limits.max_binding_bytes) {
    return problem("{} bytes of '{}', at most {}", view.bytes, buffer.label(),
                   limits.max_binding_bytes);
  }
  return {};
}

bool overlap(const BufferView& a, const BufferView& b) {
  return a.offset < b.offset + b.bytes && b.offset < a.offset + a.bytes;
}

/// WebGPU: within a dispatch, a whole buffer is either read-only or writable, and writable ranges
/// do not overlap.
Problem check_aliasing(const Plan& plan, const Dispatch& dispatch) {
  const std::vector<BufferView>& views = dispatch.bindings;
  for (size_t i = 0; i < views.size(); ++i) {
    for (size_t j = i + 1; j < views.size(); ++j) {
      if (views[i].buffer != views[j].buffer) continue;
      bool i_writes = writes(dispatch.kernel->bindings[i]);
      bool j_writes = writes(dispatch.kernel->bindings[j]);
      std::string_view label = plan.buffers[views[i].buffer]->label();
      if (i_writes != j_writes) {
        return problem("bindings {} and {} read and write '{}' in one dispatch", i, j, label);
      }
      if (i_writes && overlap(views[i], views[j])) {
        return problem("bindings {} and {} write the same bytes of '{}'", i, j, label);
      }
    }
  }
  return {};
}

Problem check_dispatch(const Plan& plan, const Dispatch& dispatch, const Limits& limits) {
  if (Problem found = check_kernel(*dispatch.kernel, limits)) return found;
  if (Problem found = check_shape(dispatch, limits)) return found;
  for (size_t i = 0; i < dispatch.bindings.size(); ++i) {
    Problem found = check_view(plan, dispatch.bindings[i], dispatch.kernel->bindings[i], limits);
    if (found) return problem("binding {}: {}", i, *found);
  }
  return check_aliasing(plan, dispatch);
}

}  // namespace

std::optional<std::string> validate(const Plan& plan, const Limits& limits) {
  if (Problem found = check_buffers(plan)) return problem("plan '{}': {}", plan.name, *found);
  for (size_t i = 0; i < plan.dispatches.size(); ++i) {
    const Dispatch& dispatch = plan.dispatches[i];
    if (!dispatch.kernel) {
      return problem("plan '{}', dispatch {} '{}': no kernel", plan.name, i, dispatch.label);
    }
    if (Problem found = check_dispatch(plan, dispatch, limits)) {
      return problem("plan '{}', dispatch {} '{}' ({}): {}", plan.name, i, dispatch.label,
                     dispatch.kernel->name, *found);
    }
  }
  return {};
}

void require_valid(const Plan& plan, const Limits& limits) {
  if (const Problem found = validate(plan, limits)) fail("compile: {}", *found);
}

}  // namespace pumice::hal
