#version 450
#include "kernel.glsl"
// average = d·average + (1 - d)·weight with d = min(decay, (1 + t) / (10 + t)); the first step
// copies. One thread per vec4.
layout(local_size_x = 256) in;
IN(0, vec4, weight);
IN(1, uint, step_state);
INOUT(2, vec4, average);
PARAMS { uint count; float decay; };
void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    float t = float(step_state[0]);
    float d = step_state[0] == 0u ? 0.0 : min(decay, (1.0 + t) / (10.0 + t));
    average[i] = d * average[i] + (1.0 - d) * weight[i];
}
