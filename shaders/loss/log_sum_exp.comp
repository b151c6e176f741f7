#version 450
#include "kernel.glsl"
#include "nan.glsl"
// y[row] = log Σ e^x over the row's elements, relative to the largest, so that nothing overflows.
// One thread per row.
layout(local_size_x = 64) in;
IN(0, float, x);
OUT(1, float, y);
PARAMS { uint rows; uint classes; };
void main() {
    uint row = flat_id();
    if (row >= rows) {
        if (row < (rows + 3u) / 4u * 4u) y[row] = 0.0;  // the padding
        return;
    }
    uint begin = row * classes;
    float largest = x[begin];
    for (uint i = 1u; i < classes; ++i) largest = max(largest, x[begin + i]);
    float sum = 0.0;
    for (uint i = 0u; i < classes; ++i) {
        float distance = x[begin + i] - largest;
        sum += keep_nan(distance, exp(distance));
    }
    y[row] = largest + keep_nan(sum, log(sum));
}
