#version 450
#include "kernel.glsl"
#include "activation.glsl"
// y[pixel, n] = activation(Σ over taps of z[pixel under tap of its window, (tap, n)] + bias[n]).
layout(local_size_x = 64) in;
IN(0, vec4, z);
IN(1, float, bias);  // [out]; any readable buffer where kHasBias is 0
OUT(2, float, y);
vec4 load_z(uint quad) { return z[quad]; }
#include "fold.glsl"

void main() { fold_pixel(flat_id()); }
