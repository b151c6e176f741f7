#version 450
#include "kernel.glsl"
#include "pointwise_loss.glsl"
// The losses of pointwise_loss.comp, summed over each row, and dx = dy[row] · d loss / dx.
VECTORS(0, x);
VECTORS(1, target);
IN(2, float, dy);
OUT(3, float, y);
OUT(4, vec4, dx);
#include "row_loss.glsl"

vec4 row_loss(uint row, uint quad) {
    uint i = row * quads + quad;
    vec4 v = fetch(x, i), t = fetch(target, i);
    dx[i] = dy[row] * derivative(v, t);
    return loss(v, t);
}
