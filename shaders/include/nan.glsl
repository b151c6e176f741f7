// SPIR-V does not define max(), min(), clamp(), exp() and log() for NaN (SwiftShader's exp returns
// infinity), and compilers may turn comparisons into max(). So NaNs are detected by their bits and
// put back.
#ifndef PUMICE_NAN_GLSL
#define PUMICE_NAN_GLSL

bvec4 is_nan(vec4 x) {
    return greaterThan(floatBitsToUint(x) & 0x7fffffffu, uvec4(0x7f800000u));
}

// y, or x if x is NaN.
vec4 keep_nan(vec4 x, vec4 y) { return mix(y, x, is_nan(x)); }

float keep_nan(float x, float y) {
    return (floatBitsToUint(x) & 0x7fffffffu) > 0x7f800000u ? x : y;
}

vec4 larger(vec4 a, vec4 b) { return keep_nan(a, keep_nan(b, max(a, b))); }
vec4 smaller(vec4 a, vec4 b) { return keep_nan(a, keep_nan(b, min(a, b))); }
vec4 rectified(vec4 x) { return keep_nan(x, max(x, 0.0)); }
vec4 logistic(vec4 x) { return keep_nan(x, 1.0 / (1.0 + exp(-x))); }
vec4 clamped(vec4 x, float low, float high) { return keep_nan(x, clamp(x, low, high)); }

#endif
