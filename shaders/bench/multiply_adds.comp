#version 450
#include "kernel.glsl"
#extension GL_EXT_control_flow_attributes : require
// y[i] = the sum of kNumbers numbers after `rounds` of x = a·x + b, one thread per i: the most
// multiply-adds per second that a device makes, since nothing waits for memory or for one another.
layout(local_size_x = 64) in;
OUT(0, float, y);
PARAMS { uint count; uint rounds; float a; float b; };

// The numbers of a thread, enough to fill a CPU's vectors and hide their latency; also in
// native/benchmark/ceilings.h.
const uint kNumbers = 64u;

void main() {
    uint i = flat_id();
    if (i >= count) return;
    float numbers[kNumbers];
    [[unroll]] for (uint k = 0u; k < kNumbers; ++k) numbers[k] = float(i % 64u + k);
    for (uint round = 0u; round < rounds; ++round) {
        [[unroll]] for (uint k = 0u; k < kNumbers; ++k) numbers[k] = a * numbers[k] + b;
    }
    float sum = 0.0;
    [[unroll]] for (uint k = 0u; k < kNumbers; ++k) sum += numbers[k];
    y[i] = sum;
}
