#version 450
#include "kernel.glsl"
#include "activation.glsl"
#include "columns.glsl"
// dx = a · (dp - b - (x - mean) · c), with the coefficients of batch_norm_gradient_fold.comp and
// dp = dy · activation', by columns.
layout(local_size_x = 64) in;
VECTORS(0, dy);
VECTORS(1, y);  // any readable buffer if there is no activation
VECTORS(2, x);
VECTORS(3, coefficients);
OUT(4, vec4, dx);
PARAMS { uint count; uint channels; uint stride; uint period; uint length; float slope; };

void main() {
    uint id = flat_id();
    if (id >= stride) return;
    uvec4 channel = channels_of(id % period, channels);
    mat4 of_lanes = mat4(fetch(coefficients, channel.x), fetch(coefficients, channel.y),
                         fetch(coefficients, channel.z), fetch(coefficients, channel.w));
    mat4 own = transpose(of_lanes);  // columns: mean, a, b, c of the four lanes
    uint i = first_of(id, period, length);
    for (uint step = 0u; step < length && 4u * i < count; ++step) {
        vec4 dp = fetch(dy, i);
        if (kActivation != kNone) dp *= activation_derivative(fetch(y, i), slope);
        vec4 v = own[1] * (dp - own[2] - (fetch(x, i) - own[0]) * own[3]);
        dx[i] = keep_padding_zero(v, i, count);
        i += period;
    }
}
