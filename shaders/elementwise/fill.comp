#version 450
#include "kernel.glsl"
// y = value, one thread per element.
layout(local_size_x = 256) in;
OUT(0, float, y);
PARAMS { uint count; float value; };
void main() {
    uint i = flat_id();
    if (i >= count) return;
    y[i] = value;
}
