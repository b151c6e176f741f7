#version 450
#include "kernel.glsl"
// y = a linear congruential sequence after `rounds` steps from y: work that takes its time.
layout(local_size_x = 1) in;
INOUT(0, uint, y);
PARAMS { uint rounds; };
void main() {
    uint state = y[0];
    for (uint i = 0u; i < rounds; ++i) state = state * 1664525u + 1013904223u;
    y[0] = state;
}
