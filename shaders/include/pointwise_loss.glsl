#ifndef PUMICE_POINTWISE_LOSS_GLSL
#define PUMICE_POINTWISE_LOSS_GLSL
#include "smooth.glsl"
// The loss of each element of a prediction v against a target t:
//   BCE on logits  log(1 + e^v) - t·v      BCE on probabilities  -t·log v - (1-t)·log(1-v)
//   squared error  (v - t)²
layout(constant_id = 0) const uint operation = 0;

// C++ enum PointwiseLoss: which loss.
const uint kBceWithLogits = 0u;
const uint kBce = 1u;
const uint kSquaredError = 2u;

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

// d loss / dv
vec4 derivative(vec4 v, vec4 t) {
    switch (operation) {
        case kBceWithLogits: return logistic(v) - t;
        case kBce: return (v - t) / max(v * (1.0 - v), 1e-12);
    }
    return 2.0 * (v - t);
}

#endif
