#version 450
#include "kernel.glsl"
#include "nan.glsl"
// The gradient of gaussian_sample.comp: (dz | dz · noise · e^(v/2) / 2).
// One thread per vec4 of dx, which has the shape of `moments`.
layout(local_size_x = 64) in;
IN(0, float, moments);
IN(1, float, noise);
IN(2, float, dz);
OUT(3, vec4, dx);
PARAMS { uint count; uint latent; };

float derivative(uint id) {
    id = min(id, count - 1u);
    uint column = id % (2u * latent);
    bool is_mean = column < latent;
    uint at = (id / (2u * latent)) * latent + (is_mean ? column : column - latent);
    float log_deviation = 0.5 * moments[id];
    float deviation = keep_nan(log_deviation, exp(log_deviation));
    return is_mean ? dz[at] : dz[at] * 0.5 * noise[at] * deviation;
}

void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    uint e = 4u * i;
    vec4 v = vec4(derivative(e), derivative(e + 1u), derivative(e + 2u), derivative(e + 3u));
    dx[i] = keep_padding_zero(v, i, count);
}
