#version 450
#include "kernel.glsl"
// Advances the step counter of a recorded program: step = step + 1.
layout(local_size_x = 1) in;
INOUT(0, uint, step_state);
void main() { step_state[0] += 1u; }
