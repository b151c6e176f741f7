#version 450
#include "kernel.glsl"
#include "activation.glsl"
#include "columns.glsl"
// For each column that a thread traverses, the sums of dp and of dp · (x - mean), where dp = dy ·
// activation' is the gradient before the activation.
layout(local_size_x = 64) in;
VECTORS(0, dy);
VECTORS(1, y);  // any readable buffer if there is no activation
VECTORS(2, x);
VECTORS(3, mean);
OUT(4, vec4, sums);
OUT(5, vec4, products);
PARAMS { uint count; uint channels; uint stride; uint period; uint length; float slope; };

void main() {
    uint id = flat_id();
    if (id >= stride) return;
    uvec4 channel = channels_of(id % period, channels);
    vec4 center = numbers_of(mean, channel);
    vec4 sum = vec4(0.0);
    vec4 product = vec4(0.0);
    uint i = first_of(id, period, length);
    for (uint step = 0u; step < length && 4u * i < count; step += kStepsAtOnce) {
        for (uint k = 0u; k < kStepsAtOnce; ++k) {
            uint at = min(i, (count - 1u) / 4u);
            vec4 dp = keep_padding_zero(fetch(dy, at), i, count);
            if (kActivation != kNone) dp *= activation_derivative(fetch(y, at), slope);
            sum += dp;
            product += dp * (fetch(x, at) - center);
            i += period;
        }
    }
    sums[id] = sum;
    products[id] = product;
}
