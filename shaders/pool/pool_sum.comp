#version 450
#include "kernel.glsl"
// y[window] = factor · Σ of the window's pixels of x. One thread per vec4 of y.
#include "pool.glsl"
layout(local_size_x = 256) in;
VECTORS(0, x);
OUT(1, vec4, y);

vec4 element(uint id) {
    Place window = place_in(id, pooled_height, pooled_width);
    vec4 sum = vec4(0.0);
    for (uint u = 0u; u < kSize; ++u) {
        for (uint v = 0u; v < kSize; ++v) {
            Pixel pixel = pixel_under(window, u, v);
            vec4 value = load(x, pixel.index);
            sum += pixel.is_inside ? value : vec4(0.0);
        }
    }
    return factor_of(window) * sum;
}

void main() { STORE_ELEMENTS(y, count) }
