#pragma once

#include <stdint.h>

namespace pumice::hal {

/// One dispatch of a kernel's C++ form.
struct CpuCall {
  const uint32_t* constants;  ///< one word for each specialization constant; null: the defaults
  const void* params;
  void* const* bindings;
  const uint32_t* grid;  ///< workgroups along x, y, z
};

/// Runs the workgroups first ... last - 1 of a dispatch; x varies fastest.
using CpuForm = void (*)(const CpuCall& call, uint32_t first, uint32_t last);

}  // namespace pumice::hal
