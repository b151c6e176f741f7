#version 450
#include "kernel.glsl"
#include "binary.glsl"
#include "divide.glsl"
// y = a ∘ b where a, b or both are repeated along the first axes, in whole vec4s, as a vector is
// for the rows of a matrix. One thread per vec4.
layout(local_size_x = 256) in;
layout(constant_id = 1) const uint kRepeatsA = 1u;
layout(constant_id = 2) const uint kRepeatsB = 1u;
VECTORS(0, a);
VECTORS(1, b);
OUT(2, vec4, y);
PARAMS { uint count; uint a_quads; uint b_quads; };
void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    uint at_a = kRepeatsA == 1u ? divided(i, a_quads).y : i;
    uint at_b = kRepeatsB == 1u ? divided(i, b_quads).y : i;
    y[i] = combine(fetch(a, at_a), fetch(b, at_b));
}
