#version 450
#include "kernel.glsl"
#include "activation.glsl"
#include "columns.glsl"
// For each column that a thread walks, the sums of dp and of dp · (x - mean), where
// dp = dy · activation' is the gradient before the activation.
layout(local_size_x = 64) in;
IN(0, vec4, dy);
IN(1, vec4, y);  // any readable buffer where there is no activation
IN(2, vec4, x);
IN(3, float, mean);
OUT(4, vec4, sums);
OUT(5, vec4, products);
PARAMS { uint count; uint channels; uint stride; float slope; };

void main() {
    uint id = flat_id();
    if (id >= stride) return;
    uvec4 channel = channels_of(id, channels);
    vec4 center = gather(mean, channel);
    vec4 sum = vec4(0.0);
    vec4 product = vec4(0.0);
    for (uint i = id; 4u * i < count; i += stride) {
        vec4 dp = dy[i];
        if (kActivation != kNone) dp *= activation_derivative(y[i], slope);
        sum += dp;
        product += dp * (x[i] - center);
    }
    sums[id] = sum;
    products[id] = product;
}
