// KL(N(mean, e^v) ‖ N(0, 1)) of each latent: (mean² + e^v - 1 - v) / 2 (Kingma and Welling, 2014).
#ifndef PUMICE_GAUSSIAN_KL_GLSL
#define PUMICE_GAUSSIAN_KL_GLSL
#include "nan.glsl"

vec4 divergence(vec4 mean, vec4 v) { return 0.5 * (mean * mean + exp(v) - 1.0 - v); }

// d divergence / dv
vec4 divergence_derivative(vec4 v) { return 0.5 * (keep_nan(v, exp(v)) - 1.0); }

#endif
