#version 450
#include "kernel.glsl"
#include "gaussian_kl.glsl"
// The gradient of gaussian_kl.comp summed over rows: dy[row] · (mean | (e^v - 1) / 2).
// One thread per vec4 of dx, which has the shape of `moments`.
layout(local_size_x = 64) in;
IN(0, vec4, moments);
IN(1, float, dy);
OUT(2, vec4, dx);
PARAMS { uint count; uint latent; };

// `of_mean`, `of_variance`: d divergence / d moment, if the moment is a mean or a log-variance
float scaled(uint id, float of_mean, float of_variance) {
    id = min(id, count - 1u);
    bool is_mean = id % (2u * latent) < latent;
    return dy[id / (2u * latent)] * (is_mean ? of_mean : of_variance);
}

void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    uint e = 4u * i;
    vec4 m = moments[i];
    vec4 d = divergence_derivative(m);
    vec4 v = vec4(scaled(e, m.x, d.x), scaled(e + 1u, m.y, d.y), scaled(e + 2u, m.z, d.z),
                  scaled(e + 3u, m.w, d.w));
    dx[i] = keep_padding_zero(v, i, count);
}
