#version 450
#include "kernel.glsl"
#include "smooth.glsl"
#include "pointwise_loss.glsl"
// The loss of each element of a prediction x against a target t, one thread per vec4:
//   BCE on logits  log(1 + e^x) - t·x      BCE on probabilities  -t·log x - (1-t)·log(1-x)
//   squared error  (x - t)²
layout(local_size_x = 256) in;
IN(0, vec4, x);
IN(1, vec4, target);
OUT(2, vec4, y);
PARAMS { uint count; };

// PyTorch's bound: a probability of exactly 0 or 1 costs 100 nats, not infinity.
vec4 bounded_log(vec4 p) {
    return keep_nan(p, mix(max(log(p), -100.0), vec4(-100.0), lessThanEqual(p, vec4(0.0))));
}

vec4 loss(vec4 v, vec4 t) {
    switch (operation) {
        case kBceWithLogits: return rectified(v) - t * v + log_one_plus(exp(-abs(v)));
        case kBce: return -t * bounded_log(v) - (1.0 - t) * bounded_log(1.0 - v);
    }
    return (v - t) * (v - t);
}

void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    y[i] = keep_padding_zero(loss(x[i], target[i]), i, count);
}
