#version 450
#include "kernel.glsl"
#include "divide.glsl"
// The sums of a · b along the columns of matrices, in chunks like those of reduce_columns.comp.
layout(local_size_x = 64) in;
VECTORS(0, a);
VECTORS(1, b);
OUT(2, vec4, y);
#define X(index) (fetch(a, index) * fetch(b, index))
#include "reduce.glsl"

void main() {
    uint id = flat_id();
    if (id < outer * chunks * inner) y[id] = scale * fold_chunk(id);
}
