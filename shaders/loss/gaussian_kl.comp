#version 450
#include "kernel.glsl"
// KL(N(mean, e^v) ‖ N(0, 1)) of each latent: (mean² + e^v - 1 - v) / 2 (Kingma and Welling, 2014).
// Each row of `moments` has `latent` means, then as many log-variances v. One thread per vec4.
layout(local_size_x = 64) in;
IN(0, float, moments);
OUT(1, vec4, y);
PARAMS { uint count; uint latent; };

float divergence(uint id) {
    id = min(id, count - 1u);
    uint at = (id / latent) * 2u * latent + id % latent;
    float mean = moments[at];
    float log_variance = moments[at + latent];
    return 0.5 * (mean * mean + exp(log_variance) - 1.0 - log_variance);
}

void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    uint e = 4u * i;
    vec4 v = vec4(divergence(e), divergence(e + 1u), divergence(e + 2u), divergence(e + 3u));
    y[i] = keep_padding_zero(v, i, count);
}
