#version 450
#include "kernel.glsl"
#include "activation.glsl"
// fold.comp for lavapipe, where a texelFetch is several times as fast as a storage buffer's load.
layout(local_size_x = 64) in;
TEXELS(0, z);
IN(1, float, bias);  // [out]; any readable buffer where kHasBias is 0
OUT(2, float, y);
vec4 load_z(uint quad) { return texelFetch(z, int(quad)); }
#include "fold.glsl"

void main() { fold_pixel(flat_id()); }
