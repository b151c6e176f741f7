#pragma once

#include "engine/hal/cpu/cores/tile.h"
#include "engine/hal/kernel.h"

/// Kernels written by hand in C++, with fast products of matrices: see panels.h. Devices run them
/// if they have Feature::kCpuCode. Params, constants and bindings are those of the shader of the
/// same name with `registers` for `panels`; sizes and channels need not be multiples of four.
namespace pumice::kernels {

// Named as those of the shaders. NOLINTBEGIN(readability-identifier-naming)
extern const hal::Kernel matmul_panels;
extern const hal::Kernel conv_panels;
extern const hal::Kernel conv_weights_panels;
// NOLINTEND(readability-identifier-naming)

}  // namespace pumice::kernels
