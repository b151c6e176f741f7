#pragma once

#include <stddef.h>

#include "engine/hal/cpu/cores/panels/vectors.h"
#include "engine/hal/cpu_form.h"

/// What a call binds.
namespace pumice::kernels::PUMICE_CPU_SET::cores {

PUMICE_CORE const float* input(const hal::CpuCall& call, int binding) {
  return static_cast<const float*>(call.bindings[binding]);
}

PUMICE_CORE float* output(const hal::CpuCall& call, int binding) {
  return static_cast<float*>(call.bindings[binding]);
}

/// A specialization constant whose default is 0.
PUMICE_CORE uint32_t constant(const hal::CpuCall& call, int id) {
  return call.constants == nullptr ? 0 : call.constants[id];
}

/// The zeros that fill up a tensor to whole vec4s, if this is the call for the last workgroup.
PUMICE_CORE void clear_padding(const hal::CpuCall& call, uint32_t last, float* tensor,
                               size_t count) {
  if (last != call.grid[0] * call.grid[1] * call.grid[2]) return;
  for (; count % 4 != 0; ++count) tensor[count] = 0;
}

}  // namespace pumice::kernels::PUMICE_CPU_SET::cores
