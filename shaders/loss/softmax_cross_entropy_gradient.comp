#version 450
#include "kernel.glsl"
#include "nan.glsl"
// dx = dy[row] · (softmax(x) - 1 at the label), with the logarithms of log_sum_exp.comp.
// One thread per vec4.
layout(local_size_x = 64) in;
IN(0, vec4, x);
IN(1, uint, label);
IN(2, float, log_sum);
IN(3, float, dy);
OUT(4, vec4, dx);
PARAMS { uint count; uint classes; };
void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    uvec4 element = min(4u * i + uvec4(0u, 1u, 2u, 3u), uvec4(count - 1u));
    uvec4 row = element / classes;
    uvec4 own = uvec4(label[row.x], label[row.y], label[row.z], label[row.w]);
    vec4 sums = vec4(log_sum[row.x], log_sum[row.y], log_sum[row.z], log_sum[row.w]);
    vec4 scale = vec4(dy[row.x], dy[row.y], dy[row.z], dy[row.w]);
    vec4 target = mix(vec4(0.0), vec4(1.0),
                      equal(element - row * classes, min(own, uvec4(classes - 1u))));
    dx[i] = keep_padding_zero(scale * (keep_nan(x[i] - sums, exp(x[i] - sums)) - target), i, count);
}
