#version 450
#include "kernel.glsl"
// y[window] = the largest value of x in the window, or its tap (the first of equal ones). NaN
// counts as larger than any number. One thread per vec4 of y.
#include "nan.glsl"
#include "pool.glsl"
layout(local_size_x = 256) in;
layout(constant_id = 3) const uint kGivesTaps = 0u;
VECTORS(0, x);
OUT(1, vec4, y);

bvec4 is_above(vec4 value, vec4 largest) {
    return bvec4(uvec4(greaterThan(value, largest)) | uvec4(is_nan(value)));
}

vec4 element(uint id) {
    Place window = place_in(id, pooled_height, pooled_width);
    vec4 largest = vec4(0.0);
    vec4 taps = vec4(0.0);
    bool is_first = true;
    for (uint u = 0u; u < kSize; ++u) {
        for (uint v = 0u; v < kSize; ++v) {
            Pixel pixel = pixel_under(window, u, v);
            vec4 value = load(x, pixel.index);
            bvec4 is_larger = is_first ? bvec4(true) : is_above(value, largest);
            bvec4 is_new = pixel.is_inside ? is_larger : bvec4(false);
            largest = mix(largest, value, is_new);
            taps = mix(taps, vec4(u * kSize + v), is_new);
            is_first = is_first && !pixel.is_inside;
        }
    }
    return kGivesTaps == 1u ? taps : largest;
}

void main() { STORE_ELEMENTS(y, count) }
