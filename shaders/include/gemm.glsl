// C = activation(op(A)·op(B) + bias): what all cores of the matrix multiplication share.
//
// A core (gemm_tile, gemm_registers, gemm_subgroup) walks over tiles of C and sums over k. The
// shader that includes it owns the bindings and the params, uint m, n, k among them (C is m x n,
// each sum has k terms), and defines the core's loaders and
//     void store_row(uint row, uint column4, vec4 sums)    C[row][4·column4 ..+3], guarding edges
// so that convolutions use the same cores with loaders of their own.
#ifndef PUMICE_GEMM_GLSL
#define PUMICE_GEMM_GLSL
#extension GL_EXT_control_flow_attributes : require
#include "activation.glsl"

layout(constant_id = 1) const uint kHasBias = 0u;

// How matrices lie in memory, row-major: A is [m, k], transposed [k, m]; B is [k, n], transposed
// [n, k], as linear layers keep their weights.
layout(constant_id = 2) const uint kTransposeA = 0u;
layout(constant_id = 3) const uint kTransposeB = 0u;

// A function, since naga refuses expressions of specialization constants (OpSpecConstantOp), but not
// calls with them.
bool is_set(uint constant) { return constant != 0u; }

// C++ constants: how deep the strips of A and B are that the cores for GPUs share; sums are split
// among workgroups by whole multiples.
const uint kStripDepth = 16u;

uint quarter(uint count) { return (count + 3u) / 4u; }

#endif
