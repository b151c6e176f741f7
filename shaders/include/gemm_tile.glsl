// GEMM core for GPUs: 256 threads compute a tile of 64 x 64. They share strips of A and B, 16 terms
// deep, and each thread sums a 4 x 4 block in registers.
#ifndef PUMICE_GEMM_TILE_GLSL
#define PUMICE_GEMM_TILE_GLSL

layout(local_size_x = 256) in;

vec4 load_a(uint row4, uint depth);     // A[4·row4 ..+3][depth], zeros past the edges
vec4 load_b(uint depth, uint column4);  // B[depth][4·column4 ..+3], zeros past the edges
void store_row(uint row, uint column4, vec4 sums);

// C++ constants: the edge of a tile.
const uint kTileEdge = 64u;

const uint kQuads = kTileEdge / 4u;  // vec4s along the edge
const uint kDepth = kStripDepth;

// One extra vec4 per line, so that threads that write a column use different memory banks.
shared vec4 a_strip[kDepth][kQuads + 1u];
shared vec4 b_strip[kDepth][kQuads + 1u];

// The vec4 of a strip that a thread fetches, (quad, depth): adjacent threads read adjacent memory.
uvec2 fetch_place(uint thread, bool depth_is_contiguous) {
    return depth_is_contiguous ? uvec2(thread / kDepth, thread % kDepth)
                               : uvec2(thread % kQuads, thread / kQuads);
}

// Computes `terms` terms of each sum, starting at term `first`; past the end the loaders return
// zeros.
void gemm_tile(uint first, uint terms) {
    uint thread = gl_LocalInvocationIndex;
    uvec2 first4 = gl_WorkGroupID.yx * kQuads;  // row and column of the tile
    uvec2 own = uvec2(thread / kQuads, thread % kQuads);
    uvec2 a_place = fetch_place(thread, !is_set(kTransposeA));
    uvec2 b_place = fetch_place(thread, is_set(kTransposeB));

    mat4 sums = mat4(0.0);
    vec4 a_next = load_a(first4.x + a_place.x, first + a_place.y);
    vec4 b_next = load_b(first + b_place.y, first4.y + b_place.x);
    for (uint start = 0u; start < terms; start += kDepth) {
        uint ahead = first + start + kDepth;
        barrier();
        a_strip[a_place.y][a_place.x] = a_next;
        b_strip[b_place.y][b_place.x] = b_next;
        barrier();
        // Fetch now what is needed after the sums, which hides the memory latency.
        a_next = load_a(first4.x + a_place.x, ahead + a_place.y);
        b_next = load_b(ahead + b_place.y, first4.y + b_place.x);
        [[unroll]] for (uint depth = 0u; depth < kDepth; ++depth) {
            vec4 rows = a_strip[depth][own.x];
            vec4 columns = b_strip[depth][own.y];
            [[unroll]] for (uint r = 0u; r < 4u; ++r) sums[r] += rows[r] * columns;
        }
    }
    [[unroll]] for (uint r = 0u; r < 4u; ++r)
        store_row(4u * (first4.x + own.x) + r, first4.y + own.y, sums[r]);
}

#endif
