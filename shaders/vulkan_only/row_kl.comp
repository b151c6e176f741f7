#version 450
#include "kernel.glsl"
#include "gaussian_kl.glsl"
// The divergences of gaussian_kl.comp, summed over each row.
VECTORS(0, moments);
OUT(1, float, y);
#include "row_loss.glsl"

vec4 row_loss(uint row, uint quad) {
    uint i = 2u * row * quads + quad;
    return divergence(fetch(moments, i), fetch(moments, i + quads));
}
