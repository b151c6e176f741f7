#version 450
#include "kernel.glsl"
#include "nan.glsl"
// Mean and variance of each channel from the sums of batch_norm_sums.comp, added in order: `parts`
// rows of them, one thread per channel.
layout(local_size_x = 64) in;
IN(0, float, x);
IN(1, float, sums);
IN(2, float, squares);
OUT(3, float, mean);
OUT(4, float, variance);
PARAMS { uint channels; uint parts; float rows; };

void main() {
    uint channel = flat_id();
    if (channel >= (channels + 3u) / 4u * 4u) return;
    float sum = 0.0;
    float square = 0.0;
    uint own = min(channel, channels - 1u);
    for (uint part = 0u; part < parts; ++part) {
        sum += sums[part * channels + own];
        square += squares[part * channels + own];
    }
    bool is_padding = channel >= channels;
    float shift = sum / rows;
    mean[channel] = is_padding ? 0.0 : x[own] + shift;
    variance[channel] = is_padding ? 0.0 : rectified(vec4((square - sum * shift) / rows)).x;
}
