#version 450
#include "kernel.glsl"
// y = scale * x + offset, one thread per element.
layout(local_size_x = 64) in;
IN(0, float, x);
OUT(1, float, y);
PARAMS { uint count; float scale; float offset; };
void main() {
    uint i = flat_id();
    if (i >= count) return;
    y[i] = scale * x[i] + offset;
}
