#version 450
#include "kernel.glsl"
#include "nan.glsl"
// One update of the flat parameters p from their gradients g, one thread per vec4. `rates`: see
// rates.comp. PyTorch's formulas:
//   SGD      m = μ·m + g,  p -= lr·m                          (Nesterov: p -= lr·(g + μ·m))
//   Adam     m = β1·m + (1-β1)·g,  v = β2·v + (1-β2)·g²,  p -= lr'·m / (sqrt(v)·c + ε) + lr·decay·p
//   RMSprop  v = α·v + (1-α)·g²,  p -= lr·g / (sqrt(v) + ε)   (momentum: m = μ·m + …, p -= lr·m)
// where decay·p is added to g, except in Adam (Loshchilov and Hutter, 2019).
layout(local_size_x = 256) in;

// C++ enum Method: how an optimizer updates parameters from their gradients.
const uint kSgd = 0u;      // with optional momentum or Nesterov momentum, as in PyTorch
const uint kAdam = 1u;     // Kingma and Ba, 2015
const uint kAdamw = 2u;    // Adam with decoupled weight decay (Loshchilov and Hutter, 2019)
const uint kRmsprop = 3u;  // Tieleman and Hinton, 2012, as in PyTorch

layout(constant_id = 0) const uint method = kAdam;
layout(constant_id = 1) const uint has_momentum = 0;  // if 0, SGD and RMSprop do not access m
VECTORS(0, gradient);
IN(1, vec4, rates);
INOUT(2, vec4, parameter);
INOUT(3, vec4, first);   // m
INOUT(4, vec4, second);  // v; unused by SGD
PARAMS {
    uint count;
    float keep_first;   // β1, μ
    float keep_second;  // β2, α
    float epsilon;
    float weight_decay;
    uint nesterov;
    float clip_weights;
};

// CPUs are fifty times slower on numbers near 1e-38, which the moments of dead units decay through.
vec4 flush(vec4 x) { return mix(x, vec4(0.0), lessThan(abs(x), vec4(1e-30))); }

// Not mix(): some drivers compute it as x + a·(y - x), which loses the precision of 1 - β2.
vec4 average_squares(uint i, vec4 g) {
    vec4 v = flush(keep_second * second[i] + (1.0 - keep_second) * (g * g));
    second[i] = v;
    return v;
}

vec4 accumulate(uint i, vec4 change) {
    if (has_momentum == 0u) return change;
    vec4 m = flush(keep_first * first[i] + change);
    first[i] = m;
    return m;
}

vec4 step_of_sgd(uint i, vec4 g) {
    vec4 m = accumulate(i, g);
    return rates[0].x * (nesterov != 0u ? g + keep_first * m : m);
}

vec4 step_of_adam(uint i, vec4 g) {
    vec4 m = flush(keep_first * first[i] + (1.0 - keep_first) * g);
    first[i] = m;
    return rates[0].y * m / (sqrt(average_squares(i, g)) * rates[0].z + epsilon);
}

vec4 step_of_rms_prop(uint i, vec4 g) {
    return rates[0].x * accumulate(i, g / (sqrt(average_squares(i, g)) + epsilon));
}

void main() {
    uint i = flat_id();
    if (4u * i >= count || rates[0].w < 0.0) return;  // negative: see loss_scale.comp
    vec4 p = parameter[i];
    vec4 g = flush(rates[0].w * fetch(gradient, i));
    if (method == kAdam || method == kAdamw) {
        p -= rates[0].x * weight_decay * p;
        p -= step_of_adam(i, g);
    } else {
        g += weight_decay * p;
        if (method == kSgd) p -= step_of_sgd(i, g);
        else p -= step_of_rms_prop(i, g);
    }
    if (clip_weights > 0.0) p = clamped(p, -clip_weights, clip_weights);
    parameter[i] = p;
}
