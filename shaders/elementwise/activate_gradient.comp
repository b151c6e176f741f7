#version 450
#include "kernel.glsl"
#include "activation.glsl"
// dx = dy · activation'(x), from v, either the input x or the output y: see activation.glsl. One
// thread per vec4.
layout(local_size_x = 256) in;
VECTORS(0, dy);
VECTORS(1, v);
OUT(2, vec4, dx);
PARAMS { uint count; float slope; };
void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    dx[i] = keep_padding_zero(fetch(dy, i) * activation_derivative(fetch(v, i), slope), i, count);
}
