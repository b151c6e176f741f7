#version 450
#include "kernel.glsl"
#include "binary.glsl"
// y = a ∘ b for shapes that broadcast: y has the extents e1 × e2 × e3 × e4 (the first is count /
// the rest); a and b are indexed by strides, 0 along repeated axes. One thread per vec4 of y.
layout(local_size_x = 256) in;
VECTORS(0, a);
VECTORS(1, b);
OUT(2, vec4, y);
PARAMS {
    uint count;
    uint extent1; uint extent2; uint extent3;
    uint a0; uint a1; uint a2; uint a3;
    uint b0; uint b1; uint b2; uint b3;
};
// Works in vec4s of y; an operand may provide a single number for all four.
layout(constant_id = 1) const uint kInVec4s = 0u;
layout(constant_id = 2) const uint kSpreadsA = 0u;
layout(constant_id = 3) const uint kSpreadsB = 0u;
#include "elements.glsl"

vec4 element(uint id) {
    uvec2 along3 = divided(id, extent3);
    uvec2 along2 = divided(along3.x, extent2);
    uvec2 along1 = divided(along2.x, extent1);
    uvec4 place = uvec4(along1, along2.y, along3.y);
    uint at_a = place.x * a0 + place.y * a1 + place.z * a2 + place.w * a3;
    uint at_b = place.x * b0 + place.y * b1 + place.z * b2 + place.w * b3;
    return combine(kSpreadsA == 1u ? number(a, at_a) : load(a, at_a),
                   kSpreadsB == 1u ? number(b, at_b) : load(b, at_b));
}

void main() { STORE_ELEMENTS(y, count) }
