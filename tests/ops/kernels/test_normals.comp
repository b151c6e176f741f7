#version 450
#include "kernel.glsl"
#include "random.glsl"
// y = the normals of given bits, one thread per vec4.
layout(local_size_x = 64) in;
IN(0, uvec4, bits);
OUT(1, vec4, y);
PARAMS { uint count; };
void main() {
    uint i = flat_id();
    if (i >= count) return;
    y[i] = normals(bits[i]);
}
