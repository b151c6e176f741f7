#version 450
#include "kernel.glsl"
// y[b, class] = 1 if class is id[b], else 0. One thread per vec4.
layout(local_size_x = 64) in;
IN(0, uint, id);
OUT(1, vec4, y);
PARAMS { uint count; uint classes; };
void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    uvec4 element = min(4u * i + uvec4(0u, 1u, 2u, 3u), uvec4(count - 1u));
    uvec4 row = element / classes;
    uvec4 own = uvec4(id[row.x], id[row.y], id[row.z], id[row.w]);
    vec4 v = mix(vec4(0.0), vec4(1.0), equal(element - row * classes, own));
    y[i] = keep_padding_zero(v, i, count);
}
