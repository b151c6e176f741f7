// What the C++ form of a kernel needs (shaders/compiler/cpp.py): the parts of Metal's library that
// spirv-cross's output uses, and the loop over workgroups and threads.
//
// It is compiled once per instruction set, in the namespace PUMICE_CPU_SET. All functions are
// inlined: a function that the linker could share between the sets would use the instructions of
// any of them.
#pragma once

#include "engine/hal/cpu_form.h"
#include "shaders/cpu/functions.h"

#define SHADER_LAMBDA __attribute__((always_inline))

namespace pumice::kernels::PUMICE_CPU_SET::metal {

/// The built-in variables of a thread.
struct Thread {
  uint3 in_grid;
  uint3 in_group;
  uint3 group;
  uint3 groups;
  uint index;  // in its workgroup
};

/// Where no thread arrives, because of a constant's value.
SHADER void spv_unreachable() { __builtin_unreachable(); }

/// The specialization constant `number`.
template <class T, class Default>
SHADER T spv_word(const uint* constants, uint number, Default otherwise) {
  return constants != nullptr ? as_type<T>(constants[number]) : T(otherwise);
}

template <class Block>
SHADER Block& binding(const hal::CpuCall& call, uint slot) {
  return *static_cast<Block*>(call.bindings[slot]);
}

/// Calls `body` for each thread of the workgroups first ... last - 1.
template <class Body>
SHADER void run(const hal::CpuCall& call, uint3 size, uint first, uint last, Body body) {
  const uint3 groups = spv_make_uint3(call.grid[0], call.grid[1], call.grid[2]);
  for (uint flat = first; flat < last; ++flat) {
    const uint line = flat / groups[0];
    const uint3 group = spv_make_uint3(flat % groups[0], line % groups[1], line / groups[1]);
    uint index = 0;
    for (uint z = 0; z < size[2]; ++z) {
      for (uint y = 0; y < size[1]; ++y) {
        for (uint x = 0; x < size[0]; ++x, ++index) {
          const uint3 in_group = spv_make_uint3(x, y, z);
          body(Thread{group * size + in_group, in_group, group, groups, index});
        }
      }
    }
  }
}

}  // namespace pumice::kernels::PUMICE_CPU_SET::metal
