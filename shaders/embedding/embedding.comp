#version 450
#include "kernel.glsl"
// y[b] = table[id[b]], or zeros if the table has no such row. One thread per vec4 of y.
layout(local_size_x = 64) in;
IN(0, float, table);
IN(1, uint, id);
OUT(2, vec4, y);
PARAMS { uint count; uint rows; uint width; };

float element(uint at) {
    at = min(at, count - 1u);
    uint row = id[at / width];
    float value = table[min(row, rows - 1u) * width + at % width];
    return row < rows ? value : 0.0;
}

void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    uint e = 4u * i;
    vec4 v = vec4(element(e), element(e + 1u), element(e + 2u), element(e + 3u));
    y[i] = keep_padding_zero(v, i, count);
}
