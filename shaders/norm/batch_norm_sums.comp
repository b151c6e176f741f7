#version 450
#include "kernel.glsl"
#include "columns.glsl"
// For each column that a thread traverses, the sums of x - x₀ and of (x - x₀)². x₀ is the channel's
// first element, which keeps variances accurate if means are large (Chan, Golub and LeVeque, 1983).
layout(local_size_x = 64) in;
VECTORS(0, x);
OUT(1, vec4, sums);
OUT(2, vec4, squares);
PARAMS { uint count; uint channels; uint stride; uint period; uint length; };

void main() {
    uint id = flat_id();
    if (id >= stride) return;
    uvec4 channel = channels_of(id % period, channels);
    vec4 origin = numbers_of(x, channel);
    vec4 sum = vec4(0.0);
    vec4 square = vec4(0.0);
    uint i = first_of(id, period, length);
    for (uint step = 0u; step < length && 4u * i < count; step += kStepsAtOnce) {
        for (uint k = 0u; k < kStepsAtOnce; ++k) {
            vec4 value = fetch(x, min(i, (count - 1u) / 4u));
            vec4 distance = keep_padding_zero(value - origin, i, count);
            sum += distance;
            square += distance * distance;
            i += period;
        }
    }
    sums[id] = sum;
    squares[id] = square;
}
