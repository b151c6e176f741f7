#version 450
#include "kernel.glsl"
// y = value, one thread per vec4.
layout(local_size_x = 256) in;
OUT(0, vec4, y);
PARAMS { uint count; float value; };
void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    y[i] = keep_padding_zero(vec4(value), i, count);
}
