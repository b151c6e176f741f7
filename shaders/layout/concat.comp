#version 450
#include "kernel.glsl"
// y[o] = a[o] followed by b[o], for rows of `left` and `right` elements. One thread per vec4 of y.
layout(local_size_x = 256) in;
VECTORS(0, a);
VECTORS(1, b);
OUT(2, vec4, y);
PARAMS { uint count; uint left; uint right; };
layout(constant_id = 0) const uint kInVec4s = 0u;
#include "elements.glsl"

vec4 element(uint id) {
    uvec2 place = divided(id, left + right);
    bool is_left = place.y < left;
    vec4 from_a = load(a, place.x * left + min(place.y, left - 1u));
    vec4 from_b = load(b, place.x * right + max(place.y, left) - left);
    return is_left ? from_a : from_b;
}

void main() { STORE_ELEMENTS(y, count) }
