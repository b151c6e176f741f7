#version 450
#include "kernel.glsl"
#include "activation.glsl"
#include "columns.glsl"
// y = activation((x - mean) / sqrt(variance + ε) · scale + shift), by columns.
layout(local_size_x = 64) in;
VECTORS(0, x);
VECTORS(1, scale);
VECTORS(2, shift);
VECTORS(3, mean);
VECTORS(4, variance);
OUT(5, vec4, y);
// Whether the number of channels is a multiple of 4.
layout(constant_id = 1) const uint kInVec4s = 0u;
#define of_own(values) \
    (kInVec4s == 1u ? fetch(values, channel.x / 4u) : numbers_of(values, channel))
PARAMS { uint count; uint channels; uint stride; uint period; uint length; float epsilon; float slope; };

void main() {
    uint id = flat_id();
    if (id >= stride) return;
    uvec4 channel = channels_of(id % period, channels);
    vec4 center = of_own(mean);
    vec4 factor = of_own(scale) / sqrt(of_own(variance) + epsilon);
    vec4 offset = of_own(shift);
    uint i = first_of(id, period, length);
    for (uint step = 0u; step < length && 4u * i < count; ++step) {
        vec4 v = activate((fetch(x, i) - center) * factor + offset, slope);
        y[i] = keep_padding_zero(v, i, count);
        i += period;
    }
}
