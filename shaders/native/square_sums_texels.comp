#version 450
#include "kernel.glsl"
// square_sums.comp of a texel buffer, which lavapipe reads three times faster.
layout(local_size_x = 256) in;
TEXELS(0, x);
#define X(i) texelFetch(x, int(i))
#include "square_sums.glsl"
