#version 450
#include "kernel.glsl"
#include "binary.glsl"
// y = a ∘ b for equal shapes, one thread per vec4.
layout(local_size_x = 256) in;
VECTORS(0, a);
VECTORS(1, b);
OUT(2, vec4, y);
PARAMS { uint count; };
void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    y[i] = keep_padding_zero(combine(fetch(a, i), fetch(b, i)), i, count);
}
