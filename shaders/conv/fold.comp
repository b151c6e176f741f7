#version 450
#include "kernel.glsl"
#include "activation.glsl"
// y[pixel, n] = activation(Σ over taps of z[pixel under tap of its window, (tap, n)] + bias[n]): a
// convolution after the product z = x · weight, for 1 to 4 output channels. In a row of z each tap
// has one number if there is one channel, else four, some of them unused; rows are padded to whole
// vec4s. One thread per pixel.
layout(local_size_x = 64) in;
VECTORS(0, z);
IN(1, float, bias);  // [out]; any readable buffer if kHasBias is 0
OUT(2, float, y);
layout(constant_id = 1) const uint kHasBias = 0u;
layout(constant_id = 2) const uint kTransposed = 0u;
#include "conv.glsl"
#include "conv_taps.glsl"

vec4 sum_over_taps(Place place) {
    uint taps = kernel_height * kernel_width;
    uint quads = out_channels == 1u ? (taps + 3u) / 4u : taps;
    vec4 sum = vec4(0.0);
    for (Meeting row = first_meeting(place.i, top); row.tap < kernel_height;
         row = next_meeting(row)) {
        for (Meeting column = first_meeting(place.j, left); column.tap < kernel_width;
             column = next_meeting(column)) {
            uint pixel = pixel_at(place.b, row, column);
            uint tap = row.tap * kernel_width + column.tap;
            uint quad = pixel * quads + (out_channels == 1u ? tap / 4u : tap);
            vec4 value = fetch(z, pixel == kOutside ? 0u : quad);
            if (out_channels == 1u) value.x = value[tap % 4u];
            if (pixel != kOutside) sum += value;
        }
    }
    return sum;
}

// The thread of the last pixel also writes the zeros that pad y to whole vec4s.
void main() {
    uint pixel = flat_id();
    uint pixels = batch * out_height * out_width;
    if (pixel >= pixels) return;
    vec4 sum = sum_over_taps(place_of(pixel));
    if (kHasBias != 0u)
        for (uint n = 0u; n < out_channels; ++n) sum[n] += bias[n];
    sum = activate(sum, slope);
    for (uint n = 0u; n < out_channels; ++n) y[pixel * out_channels + n] = sum[n];
    if (pixel == pixels - 1u)
        for (uint i = pixels * out_channels; i % 4u != 0u; ++i) y[i] = 0.0;
}
