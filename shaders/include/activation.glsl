// Activations as an epilogue, selected by a specialization constant so that each pipeline contains
// only one.
#ifndef PUMICE_ACTIVATION_GLSL
#define PUMICE_ACTIVATION_GLSL
#include "nan.glsl"
#include "normal.glsl"
#include "smooth.glsl"

// C++ enum Activation: functions that ops can fuse into their last kernel.
const uint kNone = 0u;
const uint kRelu = 1u;
const uint kLeakyRelu = 2u;  // slope · x below zero
const uint kTanh = 3u;
const uint kSigmoid = 4u;
const uint kSoftplus = 5u;  // log(1 + e^x)
const uint kSilu = 6u;      // x · sigmoid(x) (Elfwing, Uchibe and Doya, 2018)
const uint kGelu = 7u;      // x · Φ(x) (Hendrycks and Gimpel, 2016)

layout(constant_id = 0) const uint kActivation = 0u;

// Only leaky ReLU uses `slope`.
vec4 activate(vec4 x, float slope) {
    switch (kActivation) {
        case kRelu: return rectified(x);
        case kLeakyRelu: return mix(x, slope * x, lessThan(x, vec4(0.0)));
        case kTanh: return tanh_stable(x);
        case kSigmoid: return logistic(x);
        case kSoftplus: return softplus(x);
        case kSilu: return x * logistic(x);
        case kGelu: return x * normal_cdf(x);
    }
    return x;
}

// The derivative of activate() at x. For most activations v is y = activate(x, slope), so that x
// need not be kept; engine/ops/activation.cpp marks those for which v is x.
vec4 activation_derivative(vec4 v, float slope) {
    switch (kActivation) {
        case kRelu: return mix(vec4(0.0), vec4(1.0), greaterThan(v, vec4(0.0)));
        case kLeakyRelu: return mix(vec4(1.0), vec4(slope), lessThan(v, vec4(0.0)));
        case kTanh: return 1.0 - v * v;
        case kSigmoid: return v * (1.0 - v);
        case kSoftplus: return one_minus_exp(v);
        case kSilu: return logistic(v) * (1.0 + v * (1.0 - logistic(v)));
        case kGelu: return normal_cdf(v) + v * normal_density(v);
    }
    return vec4(1.0);
}

#endif
