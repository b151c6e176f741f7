#version 450
#include "kernel.glsl"
// x = x + 1, one thread per element.
layout(local_size_x = 64) in;
INOUT(0, uint, x);
PARAMS { uint count; };
void main() {
    uint i = flat_id();
    if (i >= count) return;
    x[i] += 1u;
}
