#version 450
#include "kernel.glsl"
#include "nan.glsl"
// The gradient of gaussian_kl.comp summed over rows: dy[row] · (mean | (e^v - 1) / 2).
// One thread per vec4 of dx, which has the shape of `moments`.
layout(local_size_x = 64) in;
IN(0, float, moments);
IN(1, float, dy);
OUT(2, vec4, dx);
PARAMS { uint count; uint latent; };

float derivative(uint id) {
    id = min(id, count - 1u);
    float moment = moments[id];
    float scale = dy[id / (2u * latent)];
    bool is_mean = id % (2u * latent) < latent;
    return scale * (is_mean ? moment : 0.5 * (keep_nan(moment, exp(moment)) - 1.0));
}

void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    uint e = 4u * i;
    vec4 v = vec4(derivative(e), derivative(e + 1u), derivative(e + 2u), derivative(e + 3u));
    dx[i] = keep_padding_zero(v, i, count);
}
