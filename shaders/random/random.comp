#version 450
#include "kernel.glsl"
#include "random.glsl"
// Random numbers of (seed, step, stream, element): new ones at every step, the same in every run.
// `first`: the index of y[0] where y is a part of a larger tensor. One thread per vec4.
layout(local_size_x = 64) in;

// C++ enum Distribution: the distributions of random.comp.
const uint kUniform = 0u;  // in [a, b)
const uint kNormal = 1u;   // mean a, standard deviation b

layout(constant_id = 0) const uint distribution = kUniform;
layout(constant_id = 1) const uint lanes = 0u;  // first % 4
IN(0, uint, step_state);  // step, seed low, seed high
OUT(1, vec4, y);
PARAMS { uint count; uint first; uint stream; float a; float b; };

// The elements 4 * quad … 4 * quad + 3 of the larger tensor.
vec4 values_of(uint quad) {
    uvec4 bits = philox(uvec4(quad, stream, step_state[0], 0u), uvec2(step_state[1], step_state[2]));
    return distribution == kUniform ? a + (b - a) * uniforms(bits) : a + b * normals(bits);
}

void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    uint quad = first / 4u + i;
    vec4 v = values_of(quad);
    if (lanes != 0u) {
        uvec4 next = floatBitsToUint(values_of(quad + 1u));
        v = uintBitsToFloat(skip_lanes(floatBitsToUint(v), next, lanes));
    }
    y[i] = keep_padding_zero(v, i, count);
}
