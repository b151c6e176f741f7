// The standard normal distribution, to f32's rounding and without the driver's exp(), for which
// Vulkan allows an error of 3 + 2·|x| units in the last place.
#ifndef PUMICE_NORMAL_GLSL
#define PUMICE_NORMAL_GLSL
#include "nan.glsl"

// e^x for x <= 0; 0 below -80, before results become so small that CPUs slow down.
vec4 exp_of_negative(vec4 x) {
    vec4 n = floor(max(x, -80.0) * 1.44269504 + 0.5);
    vec4 r = (x - n * 0.693359375) + n * 2.12194440e-4;  // x - n·log 2, within ±0.35
    vec4 series = 1.0 + r * (1.0 + r * (1.0 / 2.0 + r * (1.0 / 6.0 + r * (1.0 / 24.0 +
                  r * (1.0 / 120.0 + r * (1.0 / 720.0 + r * (1.0 / 5040.0)))))));
    vec4 power = uintBitsToFloat(uvec4(ivec4(n) + 127) << 23u);
    return mix(series * power, vec4(0.0), lessThan(x, vec4(-80.0)));
}

// φ(x) = e^(-x²/2) / √(2π)
vec4 normal_density(vec4 x) { return keep_nan(x, 0.39894228 * exp_of_negative(-0.5 * x * x)); }

// Φ(-t) for t >= 1, by the minimax polynomial of Φ(-t)·e^(t²/2) in s, with a relative error of
// 1e-7.
vec4 normal_tail(vec4 t) {
    vec4 s = 1.0 / (1.0 + 0.4 * t);
    vec4 ratio = s * (0.15959577 + s * (0.15910019 + s * (0.13900112 + s * (0.055544311 +
                 s * (0.10535673 + s * (-0.18642227 + s * 0.068119303))))));
    return ratio * exp_of_negative(-0.5 * t * t);
}

// Φ(x) = (1 + erf(x/√2)) / 2: by its series within ±1, by the tail beyond.
vec4 normal_cdf(vec4 x) {
    vec4 z = min(x * x, 1.0);
    vec4 series = 1.0 - z * (1.0 / 6.0 - z * (1.0 / 40.0 - z * (1.0 / 336.0 - z * (1.0 / 3456.0 -
                  z * (1.0 / 42240.0 - z * (1.0 / 599040.0 - z * (1.0 / 9676800.0)))))));
    vec4 tail = normal_tail(abs(x));
    vec4 outside = mix(tail, 1.0 - tail, greaterThan(x, vec4(0.0)));
    vec4 inside = 0.5 + 0.39894228 * x * series;
    return keep_nan(x, mix(outside, inside, lessThan(abs(x), vec4(1.0))));
}

#endif
