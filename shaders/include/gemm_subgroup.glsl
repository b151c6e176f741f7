// GEMM core for CPU drivers whose vectors are subgroups (Mesa's lavapipe): one subgroup is one
// workgroup, without barriers or shared memory. It computes a tile of 32 rows x 4·lanes columns:
// each lane owns four columns with 32 sums each. The lanes hold vec4s of different rows of A; a
// shuffle with a constant index, one machine instruction, broadcasts one of their numbers to all
// lanes.
//
// `kLanes` must be the device's subgroup size: 8, 16 or 32.
#ifndef PUMICE_GEMM_SUBGROUP_GLSL
#define PUMICE_GEMM_SUBGROUP_GLSL
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_KHR_shader_subgroup_shuffle : require

layout(local_size_x = 8) in;
layout(local_size_x_id = 4) in;
layout(constant_id = 4) const uint kLanes = 8u;

// C++ constants: the rows of a tile.
const uint kSubgroupRows = 32u;

const uint kRows = kSubgroupRows;
const uint kParts = kRows / kLanes;  // vec4s of A in each lane, for four steps of k
const uint kQuads = kLanes / 4u;     // vec4s in each of a part's four lines if A is transposed

vec4 sums[kRows];    // for this lane's columns
vec4 parts[kParts];  // this lane's part of A for four steps of k: see element_of_a

// A[row][4·step + d] of the tile, for all lanes, from the vec4s that load_a distributed over them:
//   A [m, k]: lane l has row part·lanes + l, elements 4·step ..+3
//   A [k, m]: lane l has element 4·step + l / quads, rows 4·(part·quads + l % quads) ..+3
// A macro, because a shuffle's index must be constant once the loops are unrolled.
#define element_of_a(parts, row, d)                                                            \
    (is_set(kTransposeA)                                                                         \
         ? subgroupShuffle(parts[row / kLanes][row % 4u], d * kQuads + row % kLanes / 4u)      \
         : subgroupShuffle(parts[row / kLanes][d], row % kLanes))

void clear_sums() {
    [[unroll]] for (uint row = 0u; row < kRows; ++row) sums[row] = vec4(0.0);
}

// Adds four terms to each sum, b_rows[d][c] = B[4·step + d][4·column4 + c]. Fill `parts` first:
// doing all loads before all arithmetic is faster on lavapipe.
void add_products(mat4 b_rows) {
    [[unroll]] for (uint row = 0u; row < kRows; ++row)
        [[unroll]] for (uint d = 0u; d < 4u; ++d)
            sums[row] += element_of_a(parts, row, d) * b_rows[d];
}

#endif
