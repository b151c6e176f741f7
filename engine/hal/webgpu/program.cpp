#include "engine/hal/webgpu/program.h"

#include <cstring>

namespace pumice::hal::webgpu {
namespace {

constexpr size_t kParamsStride = 256;  // WebGPU's alignment of dynamic offsets

/// A plan flattened for JavaScript: see pumice_gpu_program.
struct Flattened {
  std::vector<double> table;
  std::vector<std::byte> params;
};

double add_params(std::vector<std::byte>& all, const std::vector<std::byte>& params) {
  if (params.empty()) return -1;
  size_t offset = all.size();
  all.resize(offset + kParamsStride);
  std::memcpy(all.data() + offset, params.data(), params.size());
  return static_cast<double>(offset);
}

void add_views(std::vector<double>& table, const Plan& plan, const Dispatch& dispatch) {
  table.push_back(static_cast<double>(dispatch.bindings.size()));
  for (const BufferView& view : dispatch.bindings) {
    table.push_back(own_buffer(*plan.buffers[view.buffer], "compile").handle());
    table.push_back(static_cast<double>(view.offset));
    table.push_back(static_cast<double>(view.bytes));
  }
}

Flattened flatten(Pipelines& pipelines, const Plan& plan) {
  Flattened flat;
  for (const Dispatch& dispatch : plan.dispatches) {
    flat.table.push_back(pipelines.pipeline(dispatch));
    flat.table.push_back(add_params(flat.params, dispatch.params));
    for (uint32_t groups : dispatch.grid) flat.table.push_back(groups);
    add_views(flat.table, plan, dispatch);
  }
  return flat;
}

int create(Pipelines& pipelines, const Plan& plan) {
  Flattened flat = flatten(pipelines, plan);
  return pumice_gpu_program(flat.table.data(), static_cast<int>(plan.dispatches.size()),
                            flat.params.data(), static_cast<int>(flat.params.size()));
}

}  // namespace

Program::Program(Pipelines& pipelines, const Plan& plan)
    : buffers_(plan.buffers), handle_(create(pipelines, plan)) {}

}  // namespace pumice::hal::webgpu
