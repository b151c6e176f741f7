#version 450
#include "kernel.glsl"
// largest[t] = the largest |x| of the vec4s t, t + threads, …, as bits, whose order is that of the
// numbers: from 0x7f800000 on they are not finite.
layout(local_size_x = 256) in;
VECTORS(0, x);
INOUT(1, uint, largest);
PARAMS { uint count; uint threads; };
void main() {
    uint t = flat_id();
    if (t >= threads) return;
    uvec4 found = uvec4(0u);
    for (uint i = t; 4u * i < count; i += threads) {
        found = max(found, floatBitsToUint(fetch(x, i)) & 0x7fffffffu);
    }
    largest[t] = max(max(found.x, found.y), max(found.z, found.w));
}
