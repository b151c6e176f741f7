#version 450
#include "kernel.glsl"
// y[row] = 1 if the row's largest element (the first of equal ones) is the label's, else 0. One
// thread per row.
layout(local_size_x = 64) in;
IN(0, float, x);
IN(1, uint, label);
OUT(2, float, y);
PARAMS { uint rows; uint classes; };
void main() {
    uint row = flat_id();
    if (row >= (rows + 3u) / 4u * 4u) return;
    uint own = min(row, rows - 1u);
    uint best = 0u;
    float largest = x[own * classes];
    for (uint i = 1u; i < classes; ++i) {
        float value = x[own * classes + i];
        if (value > largest) {
            largest = value;
            best = i;
        }
    }
    y[row] = row < rows && best == label[own] ? 1.0 : 0.0;
}
