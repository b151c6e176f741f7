#version 450
#include "kernel.glsl"
#include "binary.glsl"
// y = a ∘ b for shapes that broadcast: y has the extents e1 × e2 × e3 × e4 (the first is count / the
// rest); a and b are walked by strides, 0 along an axis that repeats. One thread per vec4 of y.
layout(local_size_x = 256) in;
IN(0, float, a);
IN(1, float, b);
OUT(2, vec4, y);
PARAMS {
    uint count;
    uint extent1; uint extent2; uint extent3;
    uint a0; uint a1; uint a2; uint a3;
    uint b0; uint b1; uint b2; uint b3;
};

vec2 operands(uint element) {
    element = min(element, count - 1u);
    uint i3 = element % extent3;
    element /= extent3;
    uint i2 = element % extent2;
    element /= extent2;
    uint i1 = element % extent1;
    uint i0 = element / extent1;
    return vec2(a[i0 * a0 + i1 * a1 + i2 * a2 + i3 * a3], b[i0 * b0 + i1 * b1 + i2 * b2 + i3 * b3]);
}

void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    vec2 p0 = operands(4u * i);
    vec2 p1 = operands(4u * i + 1u);
    vec2 p2 = operands(4u * i + 2u);
    vec2 p3 = operands(4u * i + 3u);
    vec4 first = vec4(p0.x, p1.x, p2.x, p3.x);
    vec4 second = vec4(p0.y, p1.y, p2.y, p3.y);
    y[i] = keep_padding_zero(combine(first, second), i, count);
}
