#version 450
#include "kernel.glsl"
// y[window] = the window's value at a given tap: the gradient of pool_max_gradient.comp. One thread
// per vec4 of y.
#include "pool.glsl"
layout(local_size_x = 256) in;
VECTORS(0, taps);
VECTORS(1, values);
OUT(2, vec4, y);

vec4 element(uint id) {
    Place window = place_in(id, pooled_height, pooled_width);
    uvec4 tap = uvec4(load(taps, id));
    uvec4 u = tap / kSize, v = tap % kSize;
    return vec4(load(values, pixel_under(window, u.x, v.x).index).x,
                load(values, pixel_under(window, u.y, v.y).index).y,
                load(values, pixel_under(window, u.z, v.z).index).z,
                load(values, pixel_under(window, u.w, v.w).index).w);
}

void main() { STORE_ELEMENTS(y, count) }
