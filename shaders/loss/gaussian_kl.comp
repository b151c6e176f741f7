#version 450
#include "kernel.glsl"
#include "gaussian_kl.glsl"
// The divergence of each latent. Each row of `moments` has `latent` means, then as many
// log-variances. One thread per vec4.
layout(local_size_x = 64) in;
IN(0, float, moments);
OUT(1, vec4, y);
PARAMS { uint count; uint latent; };

// part 0: the mean, 1: the log-variance
float moment(uint id, uint part) {
    id = min(id, count - 1u);
    return moments[(id / latent * 2u + part) * latent + id % latent];
}

vec4 moments_of(uint e, uint part) {
    return vec4(moment(e, part), moment(e + 1u, part), moment(e + 2u, part), moment(e + 3u, part));
}

void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    y[i] = keep_padding_zero(divergence(moments_of(4u * i, 0u), moments_of(4u * i, 1u)), i, count);
}
