#version 450
#include "kernel.glsl"
#include "rows.glsl"
#pragma cpu_form(kLanes = 1)
// The gradient for x of layer_norm.comp: dx = r · (dn - mean(dn) - n · mean(dn · n)), row by row.
layout(constant_id = 1) const uint kScales = 1u;  // dn = dy · scale, else dn = dy
VECTORS(0, dy);
VECTORS(1, scale);  // any readable buffer if kScales is 0
VECTORS(2, n);
IN(3, float, r);
OUT(4, vec4, dx);
PARAMS { uint rows; uint quads; };

vec4 dn(uint begin, uint quad) {
    vec4 own = fetch(dy, begin + quad);
    return kScales == 1u ? own * fetch(scale, quad) : own;
}

void main() {
    uint row = own_row();
    uint begin = min(row, rows - 1u) * quads;
    vec4 sum = vec4(0.0);
    vec4 product = vec4(0.0);
    for (uint i = own_lane(); i < quads; i += kAtOnce * kLanes) {
        for (uint k = 0u; k < kAtOnce; ++k) {
            uint at = min(i + k * kLanes, quads - 1u);
            vec4 own = i + k * kLanes < quads ? dn(begin, at) : vec4(0.0);
            sum += own;
            product += own * fetch(n, begin + at);
        }
    }
    vec2 means = row_sums(vec2(sum_of_lanes(sum), sum_of_lanes(product))) / float(4u * quads);

    if (row >= rows) return;
    float factor = r[row];
    for (uint i = own_lane(); i < quads; i += kLanes)
        dx[begin + i] = factor * (dn(begin, i) - means.x - fetch(n, begin + i) * means.y);
}
