// Activations as an epilogue, chosen by a specialization constant so that each pipeline holds only
// its own. Gradients take the output alone: see unary_gradient.comp.
#ifndef PUMICE_ACTIVATION_GLSL
#define PUMICE_ACTIVATION_GLSL
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
        case kRelu: return max(x, 0.0);
        case kLeakyRelu: return mix(x, slope * x, lessThan(x, vec4(0.0)));
        case kTanh: return tangens_hyperbolicus(x);
        case kSigmoid: return 1.0 / (1.0 + exp(-x));
        case kSoftplus: return max(x, 0.0) + log_one_plus(exp(-abs(x)));
    }
    return x;
}

#endif
