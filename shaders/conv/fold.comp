#version 450
#include "kernel.glsl"
#include "activation.glsl"
// y[pixel, n] = activation(Σ over taps of z[pixel under tap of its window, (tap, n)] + bias[n]): a
// convolution after the product z = x · weight. Rows of z are padded to whole vec4s.
// One thread per vec4 of y.
layout(constant_id = 1) const uint kHasBias = 0u;
layout(constant_id = 2) const uint kTransposed = 0u;
#include "conv.glsl"
#include "conv_taps.glsl"
layout(local_size_x = 256) in;
IN(0, float, z);
IN(1, float, bias);  // [out]; any readable buffer where kHasBias is 0
OUT(2, vec4, y);

float element(uint id) {
    Place place = place_of(id / out_channels);
    uint n = id % out_channels;
    uint terms = (kernel_height * kernel_width * out_channels + 3u) / 4u * 4u;
    float sum = kHasBias == 0u ? 0.0 : bias[n];
    for (uint ky = 0u; ky < kernel_height; ++ky) {
        for (uint kx = 0u; kx < kernel_width; ++kx) {
            uint pixel = pixel_under_tap(place, ky, kx);
            if (pixel != kOutside)
                sum += z[pixel * terms + (ky * kernel_width + kx) * out_channels + n];
        }
    }
    return sum;
}

void main() {
    uint id = flat_id();
    uint count = batch * out_height * out_width * out_channels;
    if (4u * id >= count) return;
    uvec4 ids = min(4u * id + uvec4(0u, 1u, 2u, 3u), uvec4(count - 1u));
    vec4 sums = vec4(element(ids.x), element(ids.y), element(ids.z), element(ids.w));
    y[id] = keep_padding_zero(activate(sums, slope), id, count);
}
