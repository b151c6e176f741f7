#version 450
#include "kernel.glsl"
// y[row] = labels[index[row]], from packed 16-bit labels. One thread per row.
layout(local_size_x = 64) in;
IN(0, uint, labels);
IN(1, uint, index);
OUT(2, uint, y);
PARAMS { uint count; };
void main() {
    uint i = flat_id();
    if (i >= count) return;
    uint at = index[i];
    y[i] = (labels[at / 2u] >> (16u * (at % 2u))) & 65535u;
}
