#version 450
#include "kernel.glsl"
#include "nan.glsl"
#include "unary.glsl"
// y = f(x) for the function chosen by `operation`, one thread per vec4.
layout(local_size_x = 256) in;
layout(constant_id = 0) const uint operation = 0;
VECTORS(0, x);
OUT(1, vec4, y);
PARAMS { uint count; float a; float b; };

vec4 apply(vec4 v) {
    switch (operation) {
        case kAffine: return a * v + b;
        case kExp: return keep_nan(v, exp(v));
        case kLog: return keep_nan(v, log(v));
        case kSqrt: return sqrt(v);
        case kAbsolute: return abs(v);
        case kClamp: return clamped(v, a, b);
    }
    return v;
}

void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    y[i] = keep_padding_zero(apply(fetch(x, i)), i, count);
}
