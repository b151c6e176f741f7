#version 450
#include "kernel.glsl"
#extension GL_KHR_cooperative_matrix : require
#extension GL_KHR_memory_scope_semantics : require
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_EXT_control_flow_attributes : require
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require
// The most multiply-adds of f16 matrices with f32 sums per second: each subgroup adds the product of a
// matrix of a's and one of b's to several sums, which start at 0, 1, 2 …, `rounds` times, from
// registers. y has the first number of each sum, kMatrixSums for each subgroup.
layout(local_size_x = 256) in;
OUT(0, float, y);
PARAMS { uint rounds; float a; float b; };

layout(constant_id = 0) const uint kLanes = 32u;  // of a subgroup
layout(constant_id = 1) const uint kRows = 16u;   // of the device's matrices
layout(constant_id = 2) const uint kColumns = 16u;
layout(constant_id = 3) const uint kTerms = 16u;

// C++ constants: the sums of a subgroup, enough to hide a product's latency, and the threads of a
// workgroup.
const uint kMatrixSums = 8u;
const uint kMatrixThreads = 256u;

#define MATRIX_A coopmat<float16_t, gl_ScopeSubgroup, kRows, kTerms, gl_MatrixUseA>
#define MATRIX_B coopmat<float16_t, gl_ScopeSubgroup, kTerms, kColumns, gl_MatrixUseB>
#define MATRIX_C coopmat<float, gl_ScopeSubgroup, kRows, kColumns, gl_MatrixUseAccumulator>

shared float finished[kMatrixThreads / kLanes * kRows * kColumns];  // a matrix of each subgroup

void main() {
    MATRIX_A left = MATRIX_A(float16_t(a));
    MATRIX_B right = MATRIX_B(float16_t(b));
    MATRIX_C sums[kMatrixSums];
    [[unroll]] for (uint i = 0u; i < kMatrixSums; ++i) sums[i] = MATRIX_C(float(i));
    for (uint round = 0u; round < rounds; ++round) {
        [[unroll]] for (uint i = 0u; i < kMatrixSums; ++i) sums[i] = coopMatMulAdd(left, right, sums[i]);
    }
    uint first = gl_SubgroupID * kRows * kColumns;
    uint subgroup = flat_group() * (kMatrixThreads / kLanes) + gl_SubgroupID;
    [[unroll]] for (uint i = 0u; i < kMatrixSums; ++i) {
        subgroupBarrier();
        coopMatStore(sums[i], finished, first, kColumns, gl_CooperativeMatrixLayoutRowMajor);
        subgroupBarrier();
        if (gl_SubgroupInvocationID == 0u) y[subgroup * kMatrixSums + i] = finished[first];
    }
}
