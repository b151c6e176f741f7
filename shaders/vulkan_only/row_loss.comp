#version 450
#include "kernel.glsl"
#include "pointwise_loss.glsl"
// The losses of pointwise_loss.comp, summed over each row.
VECTORS(0, x);
VECTORS(1, target);
OUT(2, float, y);
#include "row_loss.glsl"

vec4 row_loss(uint row, uint quad) {
    uint i = row * quads + quad;
    return loss(fetch(x, i), fetch(target, i));
}
