#version 450
#include "kernel.glsl"
// y[o, start + i] = x[o, i], zero elsewhere: the gradient of slice.comp. One thread per vec4 of y.
layout(local_size_x = 256) in;
IN(0, float, x);
OUT(1, vec4, y);
PARAMS { uint count; uint piece; uint full; uint start; };

float element(uint id) {
    uint column = id % full - start;  // wraps past piece where the column lies before start
    uint from = (id / full) * piece + min(column, piece - 1u);
    return id < count && column < piece ? x[from] : 0.0;
}

void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    y[i] = vec4(element(4u * i), element(4u * i + 1u), element(4u * i + 2u), element(4u * i + 3u));
}
