#version 450
#include "kernel.glsl"
// Folds the middle axis of x[outer, length, inner] into y[outer, chunks, inner]: chunk c takes the
// elements c, c + chunks, … in that order, one thread per element of y. With chunks = 1 that is the
// whole fold; a long axis takes two launches. The order is fixed, so the result repeats to the bit.
layout(local_size_x = 64) in;
layout(constant_id = 0) const uint operation = 0;  // 0 sum, 1 maximum, 2 minimum
IN(0, float, x);
OUT(1, float, y);
PARAMS { uint outer; uint reduced; uint inner; uint chunks; float scale; };

float fold(float total, float value) {
    switch (operation) {
        case 1u: return max(total, value);
        case 2u: return min(total, value);
    }
    return total + value;
}

void main() {
    uint id = flat_id();
    uint count = outer * chunks * inner;
    if (id >= count) {
        if (id < (count + 3u) / 4u * 4u) y[id] = 0.0;  // the padding
        return;
    }
    uint i = id % inner;
    uint chunk = (id / inner) % chunks;
    uint o = id / inner / chunks;
    uint at = (o * reduced + chunk) * inner + i;
    float total = x[at];
    for (uint r = chunk + chunks; r < reduced; r += chunks) {
        at += chunks * inner;
        total = fold(total, x[at]);
    }
    y[id] = scale * total;
}
