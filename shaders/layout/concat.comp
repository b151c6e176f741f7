#version 450
#include "kernel.glsl"
// y[o] = a[o] followed by b[o], for rows of `left` and `right` elements. One thread per vec4 of y.
layout(local_size_x = 256) in;
IN(0, float, a);
IN(1, float, b);
OUT(2, vec4, y);
PARAMS { uint count; uint left; uint right; };

float element(uint id) {
    id = min(id, count - 1u);
    uint row = id / (left + right);
    uint column = id % (left + right);
    if (column < left) return a[row * left + column];
    return b[row * right + column - left];
}

void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    vec4 v = vec4(element(4u * i), element(4u * i + 1u), element(4u * i + 2u), element(4u * i + 3u));
    y[i] = keep_padding_zero(v, i, count);
}
