#version 450
#include "kernel.glsl"
// y[i] = Σ over parts of x[part, i], in order. One thread per vec4.
layout(local_size_x = 256) in;
VECTORS(0, x);
OUT(1, vec4, y);
PARAMS { uint parts; uint quads; };

void main() {
    uint i = flat_id();
    if (i >= quads) return;
    vec4 sum = fetch(x, i);
    for (uint part = 1u; part < parts; ++part) sum += fetch(x, part * quads + i);
    y[i] = sum;
}
