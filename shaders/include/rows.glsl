// Sums over the rows of a matrix: kLanes threads share a row, 64 on GPUs and one on CPU drivers,
// where barriers are very slow.
#ifndef PUMICE_ROWS_GLSL
#define PUMICE_ROWS_GLSL

layout(local_size_x = 64) in;
layout(constant_id = 0) const uint kLanes = 1u;

// On lavapipe a loop iteration has as much overhead as several steps.
const uint kAtOnce = 4u;

shared vec2 row_parts[64];

uint own_row() { return flat_id() / kLanes; }
uint own_lane() { return gl_LocalInvocationID.x % kLanes; }

// Sums two numbers per thread over all threads of the row; all threads must call it.
vec2 row_sums(vec2 own) {
    if (kLanes == 1u) return own;
    uint lane = gl_LocalInvocationID.x;
    row_parts[lane] = own;
    for (uint half_lanes = 32u; half_lanes > 0u; half_lanes /= 2u) {
        barrier();
        if (lane < half_lanes) row_parts[lane] += row_parts[lane + half_lanes];
    }
    barrier();
    vec2 total = row_parts[0];
    barrier();
    return total;
}

float sum_of_lanes(vec4 v) { return v.x + v.y + v.z + v.w; }

#endif
