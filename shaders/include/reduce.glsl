// Folds along the middle axis of x[outer, reduced, inner]: chunk c folds the elements c, c +
// chunks, … in this order. The shader that includes this defines X(index).
#include "nan.glsl"
layout(constant_id = 0) const uint operation = 0;

// C++ enum Fold: how reduce*.comp combine the numbers along an axis.
const uint kSum = 0u;
const uint kMaximum = 1u;
const uint kMinimum = 2u;

PARAMS { uint outer; uint reduced; uint inner; uint chunks; float scale; };

// On lavapipe a loop iteration has as much overhead as several steps.
const uint kAtOnce = 4u;

vec4 fold(vec4 total, vec4 value) {
    switch (operation) {
        case kMaximum: return larger(total, value);
        case kMinimum: return smaller(total, value);
    }
    return total + value;
}

vec4 fold_chunk(uint id) {
    uvec2 column = divided(id, inner);
    uvec2 chunk = divided(column.x, chunks);
    uint begin = chunk.x * reduced * inner + column.y;
    vec4 total = X(begin + chunk.y * inner);
    for (uint first = chunk.y + chunks; first < reduced; first += kAtOnce * chunks) {
        for (uint k = 0u; k < kAtOnce; ++k) {
            uint step = first + k * chunks;
            vec4 value = X(begin + min(step, reduced - 1u) * inner);
            total = step < reduced ? fold(total, value) : total;
        }
    }
    return total;
}
