#version 450
#include "kernel.glsl"
// sums[t] = Σ x² of the vec4s t, t + threads, …, in that order: for the norm of flat memory.
layout(local_size_x = 256) in;
IN(0, vec4, x);
#define X(i) x[i]
#include "square_sums.glsl"
