#pragma once

#include "cpu/activate.h"
#include "engine/hal/cpu/cores/panels/call.h"

namespace pumice::kernels::PUMICE_CPU_SET::cores {

/// activation(sums + bias), applied while the sums are in the first-level cache.
struct Epilogue {
  const float* bias;          // null: none
  const uint32_t* constants;  // the first is the activation; null: none
  float slope;

  PUMICE_CORE void apply(float* sums, uint32_t column, uint32_t count) const {
    if (bias != nullptr) add(bias + column, count, sums);
    if (constants != nullptr && constants[0] != 0) activate(sums, count);
  }

 private:
  /// As activate.comp computes it, four at a time.
  __attribute__((noinline)) void activate(float* sums, uint32_t count) const {
    activate_form::Kernel kernel(constants);
    uint32_t i = 0;
    for (; i + 4 <= count; i += 4) store(sums + i, kernel.activate(load<Quad>(sums + i), slope));
    if (i == count) return;
    Quad rest = {};
    for (uint32_t j = 0; i + j < count; ++j) rest[j] = sums[i + j];
    rest = kernel.activate(rest, slope);
    for (uint32_t j = 0; i + j < count; ++j) sums[i + j] = rest[j];
  }
};

/// Of a kernel with the constants and the bindings of gemm.glsl.
PUMICE_CORE Epilogue epilogue_of(const hal::CpuCall& call, float slope) {
  return {constant(call, 1) != 0 ? input(call, 2) : nullptr, call.constants, slope};
}

}  // namespace pumice::kernels::PUMICE_CPU_SET::cores
