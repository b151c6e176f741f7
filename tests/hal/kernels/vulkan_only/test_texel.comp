#version 450
#include "kernel.glsl"
// y = the texels of x, last one first, one thread per texel.
layout(local_size_x = 64) in;
layout(set = 0, binding = 0) uniform samplerBuffer x;
OUT(1, vec4, y);
PARAMS { uint count; };
void main() {
    uint i = flat_id();
    if (i >= count) return;
    y[i] = texelFetch(x, int(count - 1u - i));
}
