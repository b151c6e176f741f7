#version 450
#include "kernel.glsl"
// y[o, i] = x[o, start + i]: copies a range of the columns of a matrix [outer, full]. One thread
// per vec4 of y.
layout(local_size_x = 256) in;
VECTORS(0, x);
OUT(1, vec4, y);
PARAMS { uint count; uint piece; uint full; uint start; };
layout(constant_id = 0) const uint kInVec4s = 0u;
#include "elements.glsl"

vec4 element(uint id) {
    uvec2 place = divided(id, piece);
    return load(x, place.x * full + start + place.y);
}

void main() { STORE_ELEMENTS(y, count) }
