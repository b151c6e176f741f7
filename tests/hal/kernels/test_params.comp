#version 450
#include "kernel.glsl"
// y = the sixteen params, by one thread: all that a portable kernel may have.
layout(local_size_x = 1) in;
OUT(0, uint, y);
PARAMS {
    uint a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14;
    float a15;
};
void main() {
    uint params[16] = {a0, a1, a2, a3, a4, a5, a6, a7, a8, a9, a10, a11, a12, a13, a14,
                       floatBitsToUint(a15)};
    for (uint i = 0u; i < 16u; ++i) y[i] = params[i];
}
