#version 450
#include "kernel.glsl"
#include "activation.glsl"
// y = activation(x), one thread per vec4.
layout(local_size_x = 256) in;
VECTORS(0, x);
OUT(1, vec4, y);
PARAMS { uint count; float slope; };
void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    y[i] = keep_padding_zero(activate(fetch(x, i), slope), i, count);
}
