#version 450
#include "kernel.glsl"
#include "gemm.glsl"
#pragma cpu_form(none)
// Partial sums of a convolution's weight gradient, for GPUs: a workgroup per 64 x 64. Needs
// channels in multiples of 4.
#include "conv_weights.glsl"
#include "gemm_tile.glsl"
IN(0, vec4, x);
IN(1, vec4, dy);
OUT(2, vec4, partial);

vec4 load_a(uint row4, uint depth) {
    uint pixel = gl_WorkGroupID.z * pixels_per_split + depth;
    uint at = vec4_of_x(place_of(pixel), rows_of(min(row4, row_count() / 4u - 1u)));
    vec4 value = x[min(at, batch * in_height * in_width * (in_channels / 4u) - 1u)];
    return mix(value, vec4(0.0), bvec4(at == kOutside));
}

// Any number will do where A is zero or the sum is dropped.
vec4 load_b(uint depth, uint column4) {
    uint pixel = min(gl_WorkGroupID.z * pixels_per_split + depth, pixel_count() - 1u);
    uint quads = out_channels / 4u;
    return dy[pixel * quads + min(column4, quads - 1u)];
}

void store_row(uint row, uint column4, vec4 sums) {
    uint quads = out_channels / 4u;
    if (row >= row_count() || column4 >= quads) return;
    partial[(gl_WorkGroupID.z * row_count() + row) * quads + column4] = sums;
}

void main() { gemm_tile(0u, pixels_per_split); }
