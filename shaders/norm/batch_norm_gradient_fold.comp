#version 450
#include "kernel.glsl"
// The gradients for scale and shift of each channel, from the sums of
// batch_norm_gradient_sums.comp, added in order; and the coefficients of each channel for dx,
// (mean, a, b, c) in
//   dx = a · (dp - b - (x - mean) · c)     a = scale/σ, b = Σdp/n, c = Σdp·(x - mean) / (n·σ²)
// One thread per channel.
layout(local_size_x = 64) in;
IN(0, float, sums);
IN(1, float, products);
IN(2, float, scale);
IN(3, float, mean);
IN(4, float, variance);
OUT(5, float, scale_gradient);
OUT(6, float, shift_gradient);
OUT(7, vec4, coefficients);
PARAMS { uint channels; uint parts; float rows; float epsilon; };

void main() {
    uint channel = flat_id();
    if (channel >= (channels + 3u) / 4u * 4u) return;
    float sum = 0.0;
    float product = 0.0;
    uint own = min(channel, channels - 1u);
    for (uint part = 0u; part < parts; ++part) {
        sum += sums[part * channels + own];
        product += products[part * channels + own];
    }
    bool is_padding = channel >= channels;
    float square = variance[own] + epsilon;
    float deviation = sqrt(square);
    shift_gradient[channel] = is_padding ? 0.0 : sum;
    scale_gradient[channel] = is_padding ? 0.0 : product / deviation;
    if (is_padding) return;
    coefficients[channel] =
        vec4(mean[channel], scale[channel] / deviation, sum / rows, product / rows / square);
}
