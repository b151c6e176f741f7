#version 450
#include "kernel.glsl"
#include "random.glsl"
// y = x / (1 - rate) where a random number of (seed, step, stream, element) keeps it, else 0.
// One thread per vec4.
layout(local_size_x = 64) in;
IN(0, vec4, x);
IN(1, uint, clock);  // step, seed low, seed high
OUT(2, vec4, y);
PARAMS { uint count; uint stream; float rate; float scale; };
void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    vec4 u = uniforms(philox(uvec4(i, stream, clock[0], 0u), uvec2(clock[1], clock[2])));
    y[i] = mix(vec4(0.0), scale * x[i], greaterThanEqual(u, vec4(rate)));
}
