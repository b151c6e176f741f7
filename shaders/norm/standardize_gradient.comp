#version 450
#include "kernel.glsl"
#include "rows.glsl"
// The gradient for x of standardize.comp: dx = r · (dn - mean(dn) - n · mean(dn · n)), row by row.
IN(0, vec4, dn);
IN(1, vec4, n);
IN(2, float, r);
OUT(3, vec4, dx);
PARAMS { uint rows; uint quads; };

void main() {
    uint row = own_row();
    uint begin = min(row, rows - 1u) * quads;
    vec4 sum = vec4(0.0);
    vec4 product = vec4(0.0);
    for (uint i = own_lane(); i < quads; i += kLanes) {
        sum += dn[begin + i];
        product += dn[begin + i] * n[begin + i];
    }
    vec2 means = row_sums(vec2(sum_of_lanes(sum), sum_of_lanes(product))) / float(4u * quads);

    if (row >= rows) return;
    for (uint i = own_lane(); i < quads; i += kLanes)
        dx[begin + i] = r[row] * (dn[begin + i] - means.x - n[begin + i] * means.y);
}
