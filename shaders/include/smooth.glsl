// Functions that stay accurate where the plain formula cancels or overflows.
#ifndef PUMICE_SMOOTH_GLSL
#define PUMICE_SMOOTH_GLSL
#include "nan.glsl"

// Beyond ±9, tanh is ±1 in f32. Clamping keeps exp finite in drivers whose tanh overflows.
vec4 tanh_stable(vec4 v) {
    vec4 e = exp(2.0 * clamp(v, vec4(-9.0), vec4(9.0)));
    vec4 series = v * (1.0 - v * v * (1.0 / 3.0 - v * v * (2.0 / 15.0)));
    return keep_nan(v, mix((e - 1.0) / (e + 1.0), series, lessThan(abs(v), vec4(0.05))));
}

// log(1 + e), 0 <= e <= 1; the series keeps the precision that 1 + e loses.
vec4 log_one_plus(vec4 e) {
    return mix(log(1.0 + e), e * (1.0 - e * (0.5 - e / 3.0)), lessThan(e, vec4(0.01)));
}

// log(1 + e^x)
vec4 softplus(vec4 x) { return rectified(x) + log_one_plus(exp(-abs(x))); }

// 1 - exp(-v), v >= 0; the series keeps the precision that 1 - exp loses.
vec4 one_minus_exp(vec4 v) {
    vec4 series = v * (1.0 - v * (0.5 - v / 6.0));
    return keep_nan(v, mix(1.0 - exp(-v), series, lessThan(v, vec4(0.02))));
}

#endif
