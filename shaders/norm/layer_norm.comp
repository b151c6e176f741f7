#version 450
#include "kernel.glsl"
#include "rows.glsl"
#pragma cpu_form(kLanes = 1)
// y = n · scale + shift, n = (x - mean) · r and r = 1 / sqrt(variance + ε), with the moments of each
// row of x.
VECTORS(0, x);
VECTORS(1, scale);
VECTORS(2, shift);
OUT(3, vec4, y);
OUT(4, vec4, n);
OUT(5, float, r);
PARAMS { uint rows; uint quads; float epsilon; };

void main() {
    uint row = own_row();
    uint begin = min(row, rows - 1u) * quads;
    float elements = float(4u * quads);
    vec4 sum = vec4(0.0);
    for (uint i = own_lane(); i < quads; i += kAtOnce * kLanes) {
        for (uint k = 0u; k < kAtOnce; ++k) {
            uint at = i + k * kLanes;
            vec4 own = fetch(x, begin + min(at, quads - 1u));
            sum += at < quads ? own : vec4(0.0);
        }
    }
    float mean = row_sums(vec2(sum_of_lanes(sum), 0.0)).x / elements;

    vec4 square = vec4(0.0);
    for (uint i = own_lane(); i < quads; i += kAtOnce * kLanes) {
        for (uint k = 0u; k < kAtOnce; ++k) {
            uint at = i + k * kLanes;
            vec4 distance = fetch(x, begin + min(at, quads - 1u)) - mean;
            square += at < quads ? distance * distance : vec4(0.0);
        }
    }
    float variance = row_sums(vec2(sum_of_lanes(square), 0.0)).x / elements;
    float factor = 1.0 / sqrt(variance + epsilon);

    if (own_lane() == 0u && row < (rows + 3u) / 4u * 4u) r[row] = row < rows ? factor : 0.0;
    if (row >= rows) return;
    for (uint i = own_lane(); i < quads; i += kLanes) {
        vec4 unit = (fetch(x, begin + i) - mean) * factor;
        n[begin + i] = unit;
        y[begin + i] = unit * fetch(scale, i) + fetch(shift, i);
    }
}
