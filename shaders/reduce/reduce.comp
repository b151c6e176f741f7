#version 450
#include "kernel.glsl"
#include "divide.glsl"
// y[outer, chunks, inner] = x[outer, reduced, inner] folded along the middle axis, one thread per
// element of y. With chunks = 1 this is the whole fold; a long axis takes two launches. The order
// is fixed, so the result repeats to the bit.
layout(local_size_x = 64) in;
// Rows (inner = 1) of whole vec4s: `reduced` counts vec4s.
layout(constant_id = 1) const uint kInVec4s = 0u;
VECTORS(0, x);
OUT(1, float, y);
#define X(index) (kInVec4s == 1u ? fetch(x, index) : vec4(fetch(x, (index) / 4u)[(index) % 4u]))
#include "reduce.glsl"

void main() {
    uint id = flat_id();
    uint count = outer * chunks * inner;
    if (id >= (count + 3u) / 4u * 4u) return;
    vec4 lanes = fold_chunk(min(id, count - 1u));
    if (kInVec4s == 1u) lanes.xy = fold(lanes, lanes.zwxy).xy;
    if (kInVec4s == 1u) lanes.x = fold(lanes, lanes.yxwz).x;
    y[id] = id < count ? scale * lanes.x : 0.0;
}
