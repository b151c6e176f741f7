// C = activation(op(A)·op(B) + bias): what all cores of the matrix multiplication share.
//
// A core (gemm_tile, gemm_registers, gemm_subgroup) walks tiles of C and sums over k; the shader
// that includes it owns the bindings and says where elements come from and go to:
//   PARAMS with uint m, n, k: C is m x n, the sum has k terms
//   loaders                   listed at the head of each core
//   store_row(row, column4, sums)   writes C[row][4·column4 ..+3], guarding the edge of C
// so that convolutions use the same cores with other loaders.
#ifndef PUMICE_GEMM_GLSL
#define PUMICE_GEMM_GLSL
#extension GL_EXT_control_flow_attributes : require

#include "activation.glsl"

layout(constant_id = 1) const uint kHasBias = 0u;

// How matrices lie in memory, row-major: A is [m, k], transposed [k, m]; B is [k, n], transposed
// [n, k] (how linear layers keep their weights).
layout(constant_id = 2) const uint kTransposeA = 0u;
layout(constant_id = 3) const uint kTransposeB = 0u;

vec4 epilogue(vec4 sums, vec4 bias, float slope) {
  return activate(kHasBias != 0u ? sums + bias : sums, slope);
}

uint quarter(uint count) { return (count + 3u) / 4u; }

#endif
