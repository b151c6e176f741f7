#version 450
#include "kernel.glsl"
#include "divide.glsl"
// The quotients and remainders of a / b, one thread per pair.
layout(local_size_x = 64) in;
IN(0, uint, a);
IN(1, uint, b);
OUT(2, uint, quotients);
OUT(3, uint, rests);
PARAMS { uint count; };
void main() {
    uint i = flat_id();
    if (i >= count) return;
    uvec2 result = divided(a[i], b[i]);
    quotients[i] = result.x;
    rests[i] = result.y;
}
