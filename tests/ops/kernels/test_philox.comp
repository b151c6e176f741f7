#version 450
#include "kernel.glsl"
#include "random.glsl"
// bits = philox(counter, key), one thread per counter; of a key's four words two count.
layout(local_size_x = 64) in;
IN(0, uvec4, counters);
IN(1, uvec4, keys);
OUT(2, uvec4, bits);
PARAMS { uint count; };
void main() {
    uint i = flat_id();
    if (i >= count) return;
    bits[i] = philox(counters[i], keys[i].xy);
}
