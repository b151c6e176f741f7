#version 450
#include "kernel.glsl"
// Partial sums of a convolution's weight gradient, for CPU drivers: a thread per 4 x 4. Needs
// channels in multiples of 4.
#include "conv_weights.glsl"
layout(local_size_x = 16, local_size_y = 4) in;
IN(0, vec4, x);
IN(1, vec4, dy);
OUT(2, vec4, partial);

void main() {
    uint column4 = gl_GlobalInvocationID.x;
    uint row4 = gl_GlobalInvocationID.y;
    uint quads = out_channels / 4u;
    if (column4 >= quads || row4 >= row_count() / 4u) return;

    Rows rows = rows_of(row4);
    uint first = gl_WorkGroupID.z * pixels_per_split;
    uint end = min(first + pixels_per_split, pixel_count());
    Place place = place_of(first);
    mat4 sums = mat4(0.0);
    for (uint pixel = first; pixel < end; ++pixel) {
        uint at = vec4_of_x(place, rows);
        if (at != kOutside) {
            vec4 a = x[at];
            vec4 b = dy[pixel * quads + column4];
            sums += mat4(a.x * b, a.y * b, a.z * b, a.w * b);
        }
        place.j += 1u;
        if (place.j == out_width) {
            place.j = 0u;
            place.i += 1u;
            if (place.i == out_height) {
                place.i = 0u;
                place.b += 1u;
            }
        }
    }
    uint row = gl_WorkGroupID.z * row_count() + 4u * row4;
    for (uint r = 0u; r < 4u; ++r) partial[(row + r) * quads + column4] = sums[r];
}
