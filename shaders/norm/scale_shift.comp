#version 450
#include "kernel.glsl"
#include "divide.glsl"
// y = x · scale + shift for x[rows, channels], channels being `quads` vec4s. One thread per vec4.
layout(local_size_x = 256) in;
VECTORS(0, x);
VECTORS(1, scale);
VECTORS(2, shift);
OUT(3, vec4, y);
PARAMS { uint count; uint quads; };
void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    uint of_channel = divided(i, quads).y;
    y[i] = fetch(x, i) * fetch(scale, of_channel) + fetch(shift, of_channel);
}
