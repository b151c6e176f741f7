#version 450
#include "kernel.glsl"
// y = the specialization constants, by one thread.
layout(local_size_x = 1) in;
layout(constant_id = 0) const uint first = 7;
layout(constant_id = 1) const float second = 0.5;
OUT(0, uint, y);
void main() {
    y[0] = first;
    y[1] = floatBitsToUint(second);
}
