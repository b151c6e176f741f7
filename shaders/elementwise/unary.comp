#version 450
#include "kernel.glsl"
#include "unary.glsl"
// y = f(x) for the function chosen by `operation`, one thread per vec4.
layout(local_size_x = 256) in;
layout(constant_id = 0) const uint operation = 0;
IN(0, vec4, x);
OUT(1, vec4, y);
PARAMS { uint count; float a; float b; };

// Past ±9 tanh is ±1 in f32; the clamp keeps exp finite where a driver's tanh does not.
vec4 tangens_hyperbolicus(vec4 v) {
    vec4 e = exp(2.0 * clamp(v, vec4(-9.0), vec4(9.0)));
    vec4 series = v * (1.0 - v * v * (1.0 / 3.0 - v * v * (2.0 / 15.0)));
    return mix((e - 1.0) / (e + 1.0), series, lessThan(abs(v), vec4(0.05)));
}

// log(1 + e), 0 <= e <= 1; the series keeps the digits that 1 + e loses.
vec4 log_one_plus(vec4 e) {
    return mix(log(1.0 + e), e * (1.0 - e * (0.5 - e / 3.0)), lessThan(e, vec4(0.01)));
}

vec4 apply(vec4 v) {
    switch (operation) {
        case kAffine: return a * v + b;
        case kExp: return exp(v);
        case kLog: return log(v);
        case kSqrt: return sqrt(v);
        case kRelu: return max(v, 0.0);
        case kLeakyRelu: return mix(v, a * v, lessThan(v, vec4(0.0)));
        case kTanh: return tangens_hyperbolicus(v);
        case kSigmoid: return 1.0 / (1.0 + exp(-v));
        case kSoftplus: return max(v, 0.0) + log_one_plus(exp(-abs(v)));
        case kAbsolute: return abs(v);
        case kClamp: return clamp(v, a, b);
    }
    return v;
}

void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    y[i] = keep_padding_zero(apply(x[i]), i, count);
}
