#version 450
#include "kernel.glsl"
#include "nan.glsl"
// z = mean + e^(v/2) · noise, the reparameterised sample (Kingma and Welling, 2014). Each row of
// `moments` has `latent` means, then as many log-variances v. One thread per vec4.
layout(local_size_x = 64) in;
IN(0, float, moments);
IN(1, float, noise);
OUT(2, vec4, z);
PARAMS { uint count; uint latent; };

float draw(uint id) {
    id = min(id, count - 1u);
    uint at = (id / latent) * 2u * latent + id % latent;
    float log_deviation = 0.5 * moments[at + latent];
    return moments[at] + keep_nan(log_deviation, exp(log_deviation)) * noise[id];
}

void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    uint e = 4u * i;
    z[i] = keep_padding_zero(vec4(draw(e), draw(e + 1u), draw(e + 2u), draw(e + 3u)), i, count);
}
