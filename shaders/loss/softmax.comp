#version 450
#include "kernel.glsl"
#include "nan.glsl"
// y = e^(x - log Σ e^x), with the logarithms of log_sum_exp.comp. One thread per vec4.
layout(local_size_x = 64) in;
IN(0, vec4, x);
IN(1, float, log_sum);
OUT(2, vec4, y);
PARAMS { uint count; uint classes; };
void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    uvec4 row = min(4u * i + uvec4(0u, 1u, 2u, 3u), uvec4(count - 1u)) / classes;
    vec4 sums = vec4(log_sum[row.x], log_sum[row.y], log_sum[row.z], log_sum[row.w]);
    y[i] = keep_padding_zero(keep_nan(x[i] - sums, exp(x[i] - sums)), i, count);
}
