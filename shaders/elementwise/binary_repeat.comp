#version 450
#include "kernel.glsl"
#include "binary.glsl"
#include "divide.glsl"
// y = a ∘ b where a, b or both are repeated along the first axes, by whole vec4s, as a vector is for
// the rows of a matrix. One thread per vec4.
layout(local_size_x = 256) in;
VECTORS(0, a);
VECTORS(1, b);
OUT(2, vec4, y);
PARAMS { uint count; uint a_quads; uint b_quads; };
void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    y[i] = combine(fetch(a, divided(i, a_quads).y), fetch(b, divided(i, b_quads).y));
}
