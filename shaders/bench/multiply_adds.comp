#version 450
#include "kernel.glsl"
#extension GL_EXT_control_flow_attributes : require
#pragma cpu_form(kNumbers = 64)
// y[i] = the sum of kNumbers numbers after `rounds` of x = a·x + b, one thread per i. Nothing waits
// for memory or for one another: these are the most multiply-adds per second that a device makes.
layout(local_size_x = 64) in;
OUT(0, float, y);
PARAMS { uint count; uint rounds; float a; float b; };

// At most 64. A CPU's vectors need that many at once; on drivers for CPUs, where each is a vector,
// they would not fit in the registers.
layout(constant_id = 0) const uint kNumbers = 64u;

void main() {
    uint i = flat_id();
    if (i >= count) return;
    float numbers[64];
    [[unroll]] for (uint k = 0u; k < kNumbers; ++k) numbers[k] = float(i % 64u + k);
    for (uint round = 0u; round < rounds; ++round) {
        [[unroll]] for (uint k = 0u; k < kNumbers; ++k) numbers[k] = a * numbers[k] + b;
    }
    float sum = 0.0;
    [[unroll]] for (uint k = 0u; k < kNumbers; ++k) sum += numbers[k];
    y[i] = sum;
}
