#version 450
#include "kernel.glsl"
// y[o, j, i] = x[o, i, j]: each of the matrices x[outer, rows, columns] transposed. One thread per
// vec4 of y.
layout(local_size_x = 256) in;
IN(0, float, x);
OUT(1, vec4, y);
PARAMS { uint outer; uint rows; uint columns; };

float element(uint id, uint count) {
    id = min(id, count - 1u);
    uint matrix = id / (rows * columns);
    uint i = id % rows;
    uint j = id / rows % columns;
    return x[(matrix * rows + i) * columns + j];
}

void main() {
    uint i = flat_id();
    uint count = outer * rows * columns;
    if (4u * i >= count) return;
    vec4 values = vec4(element(4u * i, count), element(4u * i + 1u, count),
                       element(4u * i + 2u, count), element(4u * i + 3u, count));
    y[i] = keep_padding_zero(values, i, count);
}
