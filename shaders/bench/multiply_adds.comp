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

#ifdef PUMICE_WEB
// Browsers do not unroll loops, so that an array would be in memory. Here kNumbers is 16 or 64.
#define FIRST_16(DO) DO(x0, 0.0) DO(x1, 4.0) DO(x2, 8.0) DO(x3, 12.0)
#define OTHERS(DO) \
    DO(x4, 16.0) DO(x5, 20.0) DO(x6, 24.0) DO(x7, 28.0) \
    DO(x8, 32.0) DO(x9, 36.0) DO(x10, 40.0) DO(x11, 44.0) \
    DO(x12, 48.0) DO(x13, 52.0) DO(x14, 56.0) DO(x15, 60.0)
#define BEGIN(x, first) vec4 x = first + float(i % 64u) + vec4(0.0, 1.0, 2.0, 3.0);
#define MULTIPLY_ADD(x, first) x = a * x + b;
#define ADD(x, first) sum += x;

void main() {
    uint i = flat_id();
    if (i >= count) return;
    FIRST_16(BEGIN)
    OTHERS(BEGIN)
    for (uint round = 0u; round < rounds; ++round) {
        FIRST_16(MULTIPLY_ADD)
        if (kNumbers > 16u) { OTHERS(MULTIPLY_ADD) }
    }
    vec4 sum = vec4(0.0);
    FIRST_16(ADD)
    if (kNumbers > 16u) { OTHERS(ADD) }
    y[i] = sum.x + sum.y + sum.z + sum.w;
}
#else
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
#endif
