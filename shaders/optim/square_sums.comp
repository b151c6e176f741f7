#version 450
#include "kernel.glsl"
// sums[t] = Σ x² of the vec4s t, t + threads, …, in this order: for the norm of flat memory.
layout(local_size_x = 256) in;
VECTORS(0, x);
OUT(1, float, sums);
PARAMS { uint count; uint threads; };
void main() {
    uint t = flat_id();
    if (t >= threads) return;
    vec4 total = vec4(0.0);
    for (uint i = t; 4u * i < count; i += threads) total += fetch(x, i) * fetch(x, i);
    sums[t] = (total.x + total.y) + (total.z + total.w);
}
