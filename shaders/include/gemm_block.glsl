// GEMM core for GPUs that reads vec4s: a workgroup computes a tile of kEdge x kEdge, each thread 8
// rows x 8 columns of it (kEdge = 128, 256 threads) or 8 x 4 (64, 128 threads), in registers. The
// shader must first define PUMICE_EDGE. It reads shared memory a quarter as often per product as
// gemm_tile.glsl.
#ifndef PUMICE_GEMM_BLOCK_GLSL
#define PUMICE_GEMM_BLOCK_GLSL

#include "gemm_strips.glsl"

const uint kRowThreads = kEdge / 8u;  // threads along the rows; 16 along the columns
const uint kHalves = kEdge / 64u;     // vec4s per thread in a row

shared vec4 a_strip[kDepth * kQuads];
shared vec4 b_strip[kDepth * kQuads];

// Every other group of four terms is swizzled, so that threads that store blocks of neighbouring
// terms use different memory banks.
uint place_in_strip(uint depth, uint quad) { return depth * kQuads + (quad ^ (depth & 4u)); }

// The sums that a thread owns: 32 adjacent threads share 8 vec4s of rows and 4 of columns, in an
// order that reads shared memory without bank conflicts.
uvec2 own_place(uint thread) {
    uint group = thread / 32u;
    return uvec2(thread / 2u % 8u + 8u * (group / 4u),
                 thread % 2u + 2u * (thread / 16u % 2u) + 4u * (group % 4u));
}

// Computes `terms` terms of each sum, starting at term `first`; both are multiples of kDepth,
// unless the last terms are included.
void gemm_block(uint first, uint terms) {
    uint thread = gl_LocalInvocationIndex;
    uvec2 first4 = first_quads();
    uvec2 own = own_place(thread);
    uvec2 place = own_fetch_place();
    uint at = place_in_strip(4u * place.y, place.x);

    vec4 sums[8u * kHalves];
    [[unroll]] for (uint i = 0u; i < 8u * kHalves; ++i) sums[i] = vec4(0.0);
    mat4 next = fetch_first(place, first);
    for (uint start = 0u; start < terms; start += kDepth) {
        barrier();
        if (fetches_a()) {
            [[unroll]] for (uint d = 0u; d < 4u; ++d) a_strip[at + d * kQuads] = next[d];
        } else {
            [[unroll]] for (uint d = 0u; d < 4u; ++d) b_strip[at + d * kQuads] = next[d];
        }
        barrier();
        // Fetch now what is needed after the sums, which hides the memory latency.
        next = fetch_next();
        [[unroll]] for (uint depth = 0u; depth < kDepth; ++depth) {
            vec4 upper = a_strip[place_in_strip(depth, own.x)];
            vec4 lower = a_strip[place_in_strip(depth, own.x + kRowThreads)];
            [[unroll]] for (uint side = 0u; side < kHalves; ++side) {
                vec4 columns = b_strip[place_in_strip(depth, own.y + 16u * side)];
                [[unroll]] for (uint r = 0u; r < 4u; ++r) {
                    sums[8u * side + r] += upper[r] * columns;
                    sums[8u * side + 4u + r] += lower[r] * columns;
                }
            }
        }
    }
    [[unroll]] for (uint side = 0u; side < kHalves; ++side)
        [[unroll]] for (uint r = 0u; r < 4u; ++r) {
            uint column4 = first4.y + own.y + 16u * side;
            uint row = 4u * (first4.x + own.x) + r;
            store_row(row, column4, sums[8u * side + r]);
            store_row(row + 4u * kRowThreads, column4, sums[8u * side + 4u + r]);
        }
}

#endif
