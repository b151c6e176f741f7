#version 450
#include "kernel.glsl"
#include "rows.glsl"
// The gradient for x of standardize.comp: dx = r · (dn - mean(dn) - n · mean(dn · n)), row by row.
VECTORS(0, dn);
VECTORS(1, n);
IN(2, float, r);
OUT(3, vec4, dx);
PARAMS { uint rows; uint quads; };

void main() {
    uint row = own_row();
    uint begin = min(row, rows - 1u) * quads;
    vec4 sum = vec4(0.0);
    vec4 product = vec4(0.0);
    for (uint i = own_lane(); i < quads; i += kAtOnce * kLanes) {
        for (uint k = 0u; k < kAtOnce; ++k) {
            uint at = i + k * kLanes;
            vec4 own = fetch(dn, begin + min(at, quads - 1u));
            own = at < quads ? own : vec4(0.0);
            sum += own;
            product += own * fetch(n, begin + min(at, quads - 1u));
        }
    }
    vec2 means = row_sums(vec2(sum_of_lanes(sum), sum_of_lanes(product))) / float(4u * quads);

    if (row >= rows) return;
    float factor = r[row];
    for (uint i = own_lane(); i < quads; i += kLanes)
        dx[begin + i] = factor * (fetch(dn, begin + i) - means.x - fetch(n, begin + i) * means.y);
}
