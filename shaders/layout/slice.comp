#version 450
#include "kernel.glsl"
// y[o, i] = x[o, start + i]: cuts a piece out of the inner part of a [outer, full] matrix.
// One thread per vec4 of y.
layout(local_size_x = 256) in;
IN(0, float, x);
OUT(1, vec4, y);
PARAMS { uint count; uint piece; uint full; uint start; };

float element(uint id) {
    id = min(id, count - 1u);
    return x[(id / piece) * full + start + id % piece];
}

void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    vec4 v = vec4(element(4u * i), element(4u * i + 1u), element(4u * i + 2u), element(4u * i + 3u));
    y[i] = keep_padding_zero(v, i, count);
}
