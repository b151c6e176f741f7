#version 450
#include "kernel.glsl"
#include "divide.glsl"
// reduce.comp for an innermost axis of whole vec4s, which `inner` counts: one thread per vec4 of y.
layout(local_size_x = 64) in;
VECTORS(0, x);
OUT(1, vec4, y);
#define X(index) fetch(x, index)
#include "reduce.glsl"

void main() {
    uint id = flat_id();
    if (id < outer * chunks * inner) y[id] = scale * fold_chunk(id);
}
