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

/// The zeros that fill up a tensor to whole vec4s.
PUMICE_CORE void clear_padding(float* tensor, size_t count) {
  for (; count % 4 != 0; ++count) tensor[count] = 0;
}

}  // namespace pumice::kernels::PUMICE_CPU_SET::cores
