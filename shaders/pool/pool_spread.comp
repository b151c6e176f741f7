#version 450
#include "kernel.glsl"
// y[pixel] = Σ factor · x over the windows that cover the pixel: the gradient of pool_sum.comp.
// One thread per vec4 of y.
#include "pool.glsl"
layout(local_size_x = 256) in;
VECTORS(0, x);
OUT(1, vec4, y);

vec4 element(uint id) {
    Place pixel = place_in(id, height, width);
    vec4 sum = vec4(0.0);
    Corner last = last_window_over(pixel);
    for (uint up = 0u; up < kOver; ++up) {
        for (uint left = 0u; left < kOver; ++left) {
            Cover cover = window_over(pixel, last, up, left);
            vec4 share = factor_of(cover.window) * load(x, index_of_window(cover.window));
            sum += cover.is_real ? share : vec4(0.0);
        }
    }
    return sum;
}

void main() { STORE_ELEMENTS(y, count) }
