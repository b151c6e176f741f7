#version 450
#include "kernel.glsl"
#include "gaussian_kl.glsl"
// The divergences of gaussian_kl.comp, summed over each row, and dx = dy[row] · their derivatives by
// the moments.
VECTORS(0, moments);
IN(1, float, dy);
OUT(2, float, y);
OUT(3, vec4, dx);
#include "row_loss.glsl"

vec4 row_loss(uint row, uint quad) {
    uint i = 2u * row * quads + quad;
    vec4 mean = fetch(moments, i), v = fetch(moments, i + quads);
    dx[i] = dy[row] * mean;
    dx[i + quads] = dy[row] * divergence_derivative(v);
    return divergence(mean, v);
}
