#version 450
#include "kernel.glsl"
// sum_parts.comp for lavapipe, where a texelFetch is faster than a storage buffer's load.
layout(local_size_x = 256) in;
TEXELS(0, x);
OUT(1, vec4, y);
PARAMS { uint parts; uint quads; };

void main() {
    uint i = flat_id();
    if (i >= quads) return;
    vec4 sum = texelFetch(x, int(i));
    for (uint part = 1u; part < parts; ++part) sum += texelFetch(x, int(part * quads + i));
    y[i] = sum;
}
