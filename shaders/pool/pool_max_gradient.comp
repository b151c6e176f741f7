#version 450
#include "kernel.glsl"
// dx[pixel] = Σ of dy over the windows whose maximum is at the pixel, given the taps of the maxima.
// One thread per vec4 of dx.
#include "pool.glsl"
layout(local_size_x = 256) in;
VECTORS(0, taps);
VECTORS(1, dy);
OUT(2, vec4, dx);

vec4 element(uint id) {
    Place pixel = place_in(id, height, width);
    vec4 sum = vec4(0.0);
    Corner last = last_window_over(pixel);
    for (uint up = 0u; up < kOver; ++up) {
        for (uint left = 0u; left < kOver; ++left) {
            Cover cover = window_over(pixel, last, up, left);
            uint at = index_of_window(cover.window);
            bvec4 is_maximum = equal(load(taps, at), vec4(cover.tap));
            vec4 share = mix(vec4(0.0), load(dy, at), is_maximum);
            sum += cover.is_real ? share : vec4(0.0);
        }
    }
    return sum;
}

void main() { STORE_ELEMENTS(dx, count) }
