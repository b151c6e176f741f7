#version 450
#include "kernel.glsl"
// y = the flat index of the thread, over grids that fold into y.
layout(local_size_x = 4) in;
OUT(0, uint, y);
PARAMS { uint count; };
void main() {
    uint i = flat_id();
    if (i >= count) return;
    y[i] = i;
}
