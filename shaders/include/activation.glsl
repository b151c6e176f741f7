// Activations as an epilogue, chosen by a specialization constant so that each pipeline holds only
// its own. Gradients take the output alone.
#ifndef PUMICE_ACTIVATION_GLSL
#define PUMICE_ACTIVATION_GLSL
#include "nan.glsl"
#include "smooth.glsl"

// The numbers of ops::Activation.
const uint kNone = 0u;
const uint kRelu = 1u;
const uint kLeakyRelu = 2u;
const uint kTanh = 3u;
const uint kSigmoid = 4u;
const uint kSoftplus = 5u;

layout(constant_id = 0) const uint kActivation = 0u;

// `slope` belongs to leaky ReLU alone: what negative inputs are multiplied with.
vec4 activate(vec4 x, float slope) {
    switch (kActivation) {
        case kRelu: return rectified(x);
        case kLeakyRelu: return mix(x, slope * x, lessThan(x, vec4(0.0)));
        case kTanh: return tangens_hyperbolicus(x);
        case kSigmoid: return logistic(x);
        case kSoftplus: return rectified(x) + log_one_plus(exp(-abs(x)));
    }
    return x;
}

// The derivative at the x that gave y = activate(x, slope).
vec4 activation_derivative(vec4 y, float slope) {
    switch (kActivation) {
        case kRelu: return mix(vec4(0.0), vec4(1.0), greaterThan(y, vec4(0.0)));
        case kLeakyRelu: return mix(vec4(1.0), vec4(slope), lessThan(y, vec4(0.0)));
        case kTanh: return 1.0 - y * y;
        case kSigmoid: return y * (1.0 - y);
        case kSoftplus: return one_minus_exp(y);
    }
    return vec4(1.0);
}

#endif
