#version 450
#include "kernel.glsl"
#include "binary.glsl"
// y = a ∘ b for equal shapes, one thread per vec4.
layout(local_size_x = 256) in;
IN(0, vec4, a);
IN(1, vec4, b);
OUT(2, vec4, y);
PARAMS { uint count; };
void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    y[i] = keep_padding_zero(combine(a[i], b[i]), i, count);
}
