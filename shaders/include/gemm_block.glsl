// GEMM core for GPUs that reads vec4s: a workgroup computes a tile of kEdge x kEdge, each thread 8
// rows x 8 columns of it (kEdge = 128, 256 threads) or 8 x 4 (64, 128 threads), in registers. The
// shader must first define PUMICE_EDGE. It reads shared memory a quarter as often per product as
// gemm_tile.glsl.
//
// Half of the threads fetch A, the others B: each fetches a 4 x 4 block for every strip of 16
// terms.
#ifndef PUMICE_GEMM_BLOCK_GLSL
#define PUMICE_GEMM_BLOCK_GLSL

// C++ constants: the values of PUMICE_EDGE.
const uint kSmallBlock = 64u;
const uint kLargeBlock = 128u;

const uint kEdge = PUMICE_EDGE;
const uint kThreads = 2u * PUMICE_EDGE;
layout(local_size_x = 2 * PUMICE_EDGE) in;

// start_*: where a thread begins. fetch_*: the block there, four terms deep: [d] has four rows of A
// (columns of B) at term 4·depth4 + d. Past the last term A is zero; B may be any number. Each
// fetch also advances by kDepth terms.
void start_a(uint row4, uint depth4);
mat4 fetch_a();
void start_b(uint depth4, uint column4);
mat4 fetch_b();
void store_row(uint row, uint column4, vec4 sums);

const uint kDepth = kStripDepth;
const uint kQuads = kEdge / 4u;       // vec4s along a tile's edge
const uint kRowThreads = kEdge / 8u;  // threads along the rows; 16 along the columns
const uint kHalves = kEdge / 64u;     // vec4s per thread in a row

shared vec4 a_strip[kDepth * kQuads];
shared vec4 b_strip[kDepth * kQuads];

// Every other group of four terms is swizzled, so that threads that store blocks of neighbouring
// terms use different memory banks.
uint place_in_strip(uint depth, uint quad) { return depth * kQuads + (quad ^ (depth & 4u)); }

// The block of a strip that a thread fetches, (quad, depth4): adjacent threads read adjacent
// memory.
uvec2 fetch_place(uint thread, bool depth_is_contiguous) {
    return depth_is_contiguous
               ? uvec2(thread / 2u % kQuads, thread % 2u + 2u * (thread / (2u * kQuads)))
               : uvec2(thread % kQuads, thread / kQuads);
}

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
    uvec2 first4 = gl_WorkGroupID.yx * kQuads;  // row and column of the tile
    uvec2 own = own_place(thread);
    bool fetches_a = thread < kThreads / 2u;
    uvec2 place = fetch_place(thread % (kThreads / 2u),
                              fetches_a ? !is_set(kTransposeA) : is_set(kTransposeB));
    uint at = place_in_strip(4u * place.y, place.x);

    vec4 sums[8u * kHalves];
    [[unroll]] for (uint i = 0u; i < 8u * kHalves; ++i) sums[i] = vec4(0.0);
    mat4 next;
    if (fetches_a) {
        start_a(first4.x + place.x, first / 4u + place.y);
        next = fetch_a();
    } else {
        start_b(first / 4u + place.y, first4.y + place.x);
        next = fetch_b();
    }
    for (uint start = 0u; start < terms; start += kDepth) {
        barrier();
        if (fetches_a) {
            [[unroll]] for (uint d = 0u; d < 4u; ++d) a_strip[at + d * kQuads] = next[d];
        } else {
            [[unroll]] for (uint d = 0u; d < 4u; ++d) b_strip[at + d * kQuads] = next[d];
        }
        barrier();
        // Fetch now what is needed after the sums, which hides the memory latency.
        if (fetches_a) next = fetch_a(); else next = fetch_b();
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
