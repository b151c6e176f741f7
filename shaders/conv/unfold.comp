#version 450
#include "kernel.glsl"
// u[pixel, (tap, c)] = x[pixel under tap of an output pixel's window, c], or 0 outside: a convolution
// becomes u · weight. Rows of u are padded with zeros to whole vec4s. One thread per vec4 of u.
layout(constant_id = 0) const uint kTransposed = 0u;
#include "conv.glsl"
#include "conv_taps.glsl"
layout(local_size_x = 256) in;
IN(0, float, x);
OUT(1, vec4, u);

float element(Place place, uint term) {
    uint tap = term / in_channels;
    uint pixel = pixel_under_tap(place, tap / kernel_width, tap % kernel_width);
    bool outside = pixel == kOutside || tap >= kernel_height * kernel_width;
    return outside ? 0.0 : x[pixel * in_channels + term % in_channels];
}

void main() {
    uint quads = (kernel_height * kernel_width * in_channels + 3u) / 4u;
    uint id = flat_id();
    if (id >= batch * out_height * out_width * quads) return;
    Place place = place_of(id / quads);
    uint term = 4u * (id % quads);
    u[id] = vec4(element(place, term), element(place, term + 1u), element(place, term + 2u),
                 element(place, term + 3u));
}
