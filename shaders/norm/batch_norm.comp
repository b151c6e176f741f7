#version 450
#include "kernel.glsl"
#include "activation.glsl"
#include "columns.glsl"
// y = activation((x - mean) / sqrt(variance + ε) · scale + shift), by columns.
layout(local_size_x = 64) in;
IN(0, vec4, x);
IN(1, float, scale);
IN(2, float, shift);
IN(3, float, mean);
IN(4, float, variance);
OUT(5, vec4, y);
PARAMS { uint count; uint channels; uint stride; uint period; uint length; float epsilon; float slope; };

void main() {
    uint id = flat_id();
    if (id >= stride) return;
    uvec4 channel = channels_of(id % period, channels);
    vec4 center = gather(mean, channel);
    vec4 factor = gather(scale, channel) / sqrt(gather(variance, channel) + epsilon);
    vec4 offset = gather(shift, channel);
    uint i = first_of(id, period, length);
    for (uint step = 0u; step < length && 4u * i < count; ++step) {
        vec4 v = activate((x[i] - center) * factor + offset, slope);
        y[i] = keep_padding_zero(v, i, count);
        i += period;
    }
}
