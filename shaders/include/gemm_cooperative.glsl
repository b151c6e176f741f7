// GEMM core for GPUs with cooperative matrices (VK_KHR_cooperative_matrix): like gemm_block.glsl, but
// the subgroups of a workgroup multiply f16 matrices and add up in f32.
//
// With kProducts = 1 each number is rounded to f16 (11 bits). With 3 it is split into two f16 numbers,
// x = high + low / 2048, of 22 bits together, and a·b = high·high + (high·low + low·high) / 2048, nearly
// as exact as f32 (Markidis et al. 2018, arXiv 1803.04014; Ootomo and Yokota 2022, arXiv 2203.03341).
// Either way, numbers beyond 65504 become infinite.
#ifndef PUMICE_GEMM_COOPERATIVE_GLSL
#define PUMICE_GEMM_COOPERATIVE_GLSL
#extension GL_KHR_cooperative_matrix : require
#extension GL_KHR_memory_scope_semantics : require
#extension GL_KHR_shader_subgroup_basic : require
#extension GL_EXT_shader_explicit_arithmetic_types_float16 : require
#include "gemm_strips.glsl"

layout(constant_id = 4) const uint kLanes = 32u;  // of a subgroup
layout(constant_id = 5) const uint kRows = 16u;   // of the device's matrices A and C
layout(constant_id = 6) const uint kColumns = 16u;  // of B and C
layout(constant_id = 7) const uint kTerms = 16u;  // columns of A, rows of B; divides kDepth
layout(constant_id = 8) const uint kProducts = 3u;

// Each subgroup computes kDown x kAcross matrices of the tile.
const uint kSubgroups = kThreads / kLanes;
const uint kSubgroupColumns = kSubgroups >= 32u ? 8u : kSubgroups >= 8u ? 4u : 2u;
const uint kSubgroupRows = kSubgroups / kSubgroupColumns;
const uint kDown = kEdge / (kSubgroupRows * kRows);
const uint kAcross = kEdge / (kSubgroupColumns * kColumns);

#define MATRIX_A coopmat<float16_t, gl_ScopeSubgroup, kRows, kTerms, gl_MatrixUseA>
#define MATRIX_B coopmat<float16_t, gl_ScopeSubgroup, kTerms, kColumns, gl_MatrixUseB>
#define MATRIX_C coopmat<float, gl_ScopeSubgroup, kRows, kColumns, gl_MatrixUseAccumulator>

// Terms in shared memory, one after the other, 16 bytes apart so that they use other banks.
const uint kLine = kQuads + 2u;
const uint kParts = kProducts == 3u ? 2u : 1u;  // high and low
const uint kStrip = kDepth * kLine;
const float kLowScale = 2048.0;

shared f16vec4 a_strip[kParts * kStrip];
shared f16vec4 b_strip[kParts * kStrip];
shared vec4 finished[kSubgroups * kRows * kColumns / 4u];  // a matrix of each subgroup

// The first 11 bits of numbers. By their bits, because compilers take f32(f16(x)) for x.
vec4 high_part(vec4 numbers) {
    return uintBitsToFloat(floatBitsToUint(numbers) & uvec4(0xffffe000u));
}

void put(bool in_a, uint at, vec4 numbers) {
    vec4 high = kProducts == 3u ? high_part(numbers) : numbers;
    if (in_a) a_strip[at] = f16vec4(high); else b_strip[at] = f16vec4(high);
    if (kProducts != 3u) return;
    f16vec4 low = f16vec4(kLowScale * (numbers - high));
    if (in_a) a_strip[at + kStrip] = low; else b_strip[at + kStrip] = low;
}

MATRIX_C sums[kDown * kAcross];
MATRIX_C low_sums[kDown * kAcross];  // unused if kProducts is 1

void load_a(out MATRIX_A matrix, uint part, uint term, uint quad) {
    coopMatLoad(matrix, a_strip, part * kStrip + term * kLine + quad, kLine,
                gl_CooperativeMatrixLayoutColumnMajor);
}

void load_b(out MATRIX_B matrix, uint part, uint term, uint quad) {
    coopMatLoad(matrix, b_strip, part * kStrip + term * kLine + quad, kLine,
                gl_CooperativeMatrixLayoutRowMajor);
}

// Adds the products of kTerms terms of the strip; `own`: the subgroup's first quad of rows and columns.
void add_products(uint term, uvec2 own) {
    MATRIX_A highs[kDown], lows[kDown];
    [[unroll]] for (uint i = 0u; i < kDown; ++i) {
        load_a(highs[i], 0u, term, own.x + i * kRows / 4u);
        if (kProducts == 3u) load_a(lows[i], 1u, term, own.x + i * kRows / 4u);
    }
    [[unroll]] for (uint j = 0u; j < kAcross; ++j) {
        MATRIX_B high, low;
        load_b(high, 0u, term, own.y + j * kColumns / 4u);
        if (kProducts == 3u) load_b(low, 1u, term, own.y + j * kColumns / 4u);
        [[unroll]] for (uint i = 0u; i < kDown; ++i) {
            uint at = i * kAcross + j;
            sums[at] = coopMatMulAdd(highs[i], high, sums[at]);
            if (kProducts == 3u) {
                low_sums[at] = coopMatMulAdd(highs[i], low, low_sums[at]);
                low_sums[at] = coopMatMulAdd(lows[i], high, low_sums[at]);
            }
        }
    }
}

// Stores the subgroup's matrices row by row, by way of shared memory.
void store_sums(uvec2 own) {
    uint quads = kColumns / 4u;
    uint first = gl_SubgroupID * kRows * quads;
    [[unroll]] for (uint i = 0u; i < kDown; ++i)
        [[unroll]] for (uint j = 0u; j < kAcross; ++j) {
            uint at = i * kAcross + j;
            MATRIX_C result = sums[at];
            if (kProducts == 3u) result = result + low_sums[at] * (1.0 / kLowScale);
            subgroupBarrier();
            coopMatStore(result, finished, first, quads, gl_CooperativeMatrixLayoutRowMajor);
            subgroupBarrier();
            for (uint e = gl_SubgroupInvocationID; e < kRows * quads; e += kLanes)
                store_row(4u * own.x + i * kRows + e / quads, own.y + j * quads + e % quads,
                          finished[first + e]);
        }
}

// Computes `terms` terms of each sum, starting at term `first`; both are multiples of kDepth, unless
// the last terms are included.
void gemm_block(uint first, uint terms) {
    uvec2 place = own_fetch_place();
    uint at = 4u * place.y * kLine + place.x;
    uvec2 subgroup = uvec2(gl_SubgroupID / kSubgroupColumns, gl_SubgroupID % kSubgroupColumns);
    uvec2 own = subgroup * uvec2(kDown * kRows, kAcross * kColumns) / 4u;
    [[unroll]] for (uint i = 0u; i < kDown * kAcross; ++i) {
        sums[i] = MATRIX_C(0.0);
        if (kProducts == 3u) low_sums[i] = MATRIX_C(0.0);
    }
    mat4 next = fetch_first(place, first);
    for (uint start = 0u; start < terms; start += kDepth) {
        barrier();
        [[unroll]] for (uint d = 0u; d < 4u; ++d) put(fetches_a(), at + d * kLine, next[d]);
        barrier();
        next = fetch_next();  // what is needed after the sums, to hide the memory's latency
        [[unroll]] for (uint term = 0u; term < kDepth; term += kTerms) add_products(term, own);
    }
    store_sums(first_quads() + own);
}

#endif
