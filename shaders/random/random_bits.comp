#version 450
#include "kernel.glsl"
#include "random.glsl"
// The random bits behind random.comp, for bitwise comparison of devices. One thread per uvec4.
layout(local_size_x = 64) in;
IN(0, uint, step_state);
OUT(1, uvec4, y);
PARAMS { uint count; uint stream; };
void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    y[i] = philox(uvec4(i, stream, step_state[0], 0u), uvec2(step_state[1], step_state[2]));
}
