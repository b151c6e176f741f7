// What cores for GPUs that read strips of A and B in vec4s share (gemm_block, gemm_cooperative): a
// workgroup computes a tile of kEdge x kEdge; half of its threads fetch A, the others B, each a 4 x 4
// block for every strip of kDepth terms. The shader must first define PUMICE_EDGE.
#ifndef PUMICE_GEMM_STRIPS_GLSL
#define PUMICE_GEMM_STRIPS_GLSL

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

// The block of a strip that a thread fetches, (quad, depth4): adjacent threads read adjacent
// memory.
uvec2 fetch_place(uint thread, bool depth_is_contiguous) {
    return depth_is_contiguous
               ? uvec2(thread / 2u % kQuads, thread % 2u + 2u * (thread / (2u * kQuads)))
               : uvec2(thread % kQuads, thread / kQuads);
}

// Whether this thread fetches A, and its block of the first strip.
bool fetches_a() { return gl_LocalInvocationIndex < kThreads / 2u; }

uvec2 own_fetch_place() {
    return fetch_place(gl_LocalInvocationIndex % (kThreads / 2u),
                       fetches_a() ? !is_set(kTransposeA) : is_set(kTransposeB));
}

// Row and column of the workgroup's tile, in vec4s.
uvec2 first_quads() { return gl_WorkGroupID.yx * kQuads; }

// The thread's block of the strip at term `first`.
mat4 fetch_first(uvec2 place, uint first) {
    uvec2 tile = first_quads();
    if (fetches_a()) {
        start_a(tile.x + place.x, first / 4u + place.y);
        return fetch_a();
    }
    start_b(first / 4u + place.y, tile.y + place.x);
    return fetch_b();
}

mat4 fetch_next() {
    if (fetches_a()) return fetch_a();
    return fetch_b();
}

#endif
