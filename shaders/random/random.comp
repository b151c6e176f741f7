#version 450
#include "kernel.glsl"
#include "random.glsl"
// Random numbers of (seed, step, stream, element): new ones at every step, the same in every run.
// `first`: the index of y[0] where y is a part of a larger tensor, a multiple of 4. One thread per vec4.
layout(local_size_x = 64) in;

// C++ enum Distribution: the distributions of random.comp.
const uint kUniform = 0u;  // in [a, b)
const uint kNormal = 1u;   // mean a, standard deviation b

layout(constant_id = 0) const uint distribution = kUniform;
IN(0, uint, step_state);  // step, seed low, seed high
OUT(1, vec4, y);
PARAMS { uint count; uint first; uint stream; float a; float b; };
void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    uvec4 bits = philox(uvec4(first / 4u + i, stream, step_state[0], 0u), uvec2(step_state[1], step_state[2]));
    vec4 v = distribution == kUniform ? a + (b - a) * uniforms(bits) : a + b * normals(bits);
    y[i] = keep_padding_zero(v, i, count);
}
