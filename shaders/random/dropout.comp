#version 450
#include "kernel.glsl"
#include "random.glsl"
// y = x / (1 - rate) where a random number of (seed, step, stream, element) keeps it, else 0.
// `first`: the index of x[0] where x is a part of a larger tensor. One thread per vec4.
layout(local_size_x = 64) in;
IN(0, vec4, x);
IN(1, uint, step_state);  // step, seed low, seed high
OUT(2, vec4, y);
PARAMS { uint count; uint first; uint stream; float rate; float scale; };

// The bits of the elements 4 * quad … 4 * quad + 3 of the larger tensor.
uvec4 bits_of(uint quad) {
    return philox(uvec4(quad, stream, step_state[0], 0u), uvec2(step_state[1], step_state[2]));
}

void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    uint quad = first / 4u + i;
    uvec4 bits = bits_of(quad);
    if (first % 4u != 0u) bits = skip_lanes(bits, bits_of(quad + 1u), first % 4u);
    vec4 u = uniforms(bits);
    y[i] = mix(vec4(0.0), scale * x[i], greaterThanEqual(u, vec4(rate)));
}
