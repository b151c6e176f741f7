// C = activation(op(A)·op(B) + bias), or what else epilogue.glsl has: code shared by all cores of matrix
// multiplication.
//
// A core (gemm_tile, gemm_block, gemm_registers, gemm_subgroup) computes tiles of C, summing over
// k. The shader that includes it declares the bindings and the params, including uint m, n, k (C is
// m x n, each sum has k terms), and defines the core's loaders and
//     void store_row(uint row, uint column4, vec4 sums)    C[row][4·column4 ..+3], guarding edges
// so that convolutions can use the same cores with other loaders.
#ifndef PUMICE_GEMM_GLSL
#define PUMICE_GEMM_GLSL
#extension GL_EXT_control_flow_attributes : require
#include "epilogue.glsl"

// The layout of the row-major matrices: A is [m, k], or [k, m] if transposed; B is [k, n], or [n,
// k] if transposed, as for the weights of linear layers.
layout(constant_id = 2) const uint kTransposeA = 0u;
layout(constant_id = 3) const uint kTransposeB = 0u;

// C++ constants: the depth of the strips of A and B in shared memory, in cores for GPUs. Sums are
// split among workgroups at multiples of it.
const uint kStripDepth = 16u;

uint quarter(uint count) { return (count + 3u) / 4u; }

#endif
