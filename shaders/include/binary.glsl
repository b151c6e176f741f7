#ifndef PUMICE_BINARY_GLSL
#define PUMICE_BINARY_GLSL
#include "nan.glsl"
layout(constant_id = 0) const uint operation = 0;

// C++ enum Binary: the functions of binary*.comp.
const uint kAdd = 0u;
const uint kSubtract = 1u;
const uint kMultiply = 2u;
const uint kDivide = 3u;
const uint kMaximum = 4u;
const uint kMinimum = 5u;
const uint kEqual = 6u;    // 1 or 0
const uint kGreater = 7u;  // 1 or 0
const uint kFirst = 8u;    // a: to broadcast one tensor

vec4 combine(vec4 a, vec4 b) {
    switch (operation) {
        case kAdd: return a + b;
        case kSubtract: return a - b;
        case kMultiply: return a * b;
        case kDivide: return a / b;
        case kMaximum: return larger(a, b);
        case kMinimum: return smaller(a, b);
        case kEqual: return mix(vec4(0.0), vec4(1.0), equal(a, b));
        case kGreater: return mix(vec4(0.0), vec4(1.0), greaterThan(a, b));
    }
    return a;
}
#endif
