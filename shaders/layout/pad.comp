#version 450
#include "kernel.glsl"
// y[o, start + i] = x[o, i], zero elsewhere: the gradient of slice.comp. One thread per vec4 of y.
layout(local_size_x = 256) in;
VECTORS(0, x);
OUT(1, vec4, y);
PARAMS { uint count; uint piece; uint full; uint start; };
layout(constant_id = 0) const uint kInVec4s = 0u;
#include "elements.glsl"

vec4 element(uint id) {
    uvec2 place = divided(id, full);
    uint column = place.y - start;  // before start it wraps around to more than piece
    vec4 value = load(x, place.x * piece + min(column, piece - 1u));
    return column < piece ? value : vec4(0.0);
}

void main() { STORE_ELEMENTS(y, count) }
