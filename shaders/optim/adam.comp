#version 450
#include "kernel.glsl"
// Adam (Kingma and Ba, 2015), with decoupled weight decay (AdamW: Loshchilov and Hutter, 2019):
//   m = β1·m + (1-β1)·g,  v = β2·v + (1-β2)·g²,  p -= rate·m / (sqrt(v)·c + ε) + lr·decay·p
// One thread per vec4 of the flat parameters.
layout(local_size_x = 256) in;
IN(0, vec4, gradient);
IN(1, vec4, rates);
IN(2, float, learning_rate);
INOUT(3, vec4, parameter);
INOUT(4, vec4, first_moment);
INOUT(5, vec4, second_moment);
PARAMS { uint count; float beta1; float beta2; float epsilon; float weight_decay; };

// CPUs compute fifty times slower on numbers near 1e-38, and dead units decay through them.
vec4 flush(vec4 x) { return mix(x, vec4(0.0), lessThan(abs(x), vec4(1e-30))); }

void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    vec4 g = flush(gradient[i]);
    // Not by mix(): some drivers compute it as x + a·(y - x), which loses the digits of 1 - β2.
    vec4 m = flush(beta1 * first_moment[i] + (1.0 - beta1) * g);
    vec4 v = flush(beta2 * second_moment[i] + (1.0 - beta2) * (g * g));
    first_moment[i] = m;
    second_moment[i] = v;
    vec4 p = parameter[i];
    p -= learning_rate[0] * weight_decay * p;
    parameter[i] = p - rates[0].x * m / (sqrt(v) * rates[0].y + epsilon);
}
