#version 450
#include "kernel.glsl"
#include "unary.glsl"
// dx = dy · f'(x), with f' as a function of y = f(x), one thread per vec4.
layout(local_size_x = 256) in;
layout(constant_id = 0) const uint operation = 0;
VECTORS(0, dy);
VECTORS(1, y);
OUT(2, vec4, dx);
PARAMS { uint count; float a; float b; };

vec4 derivative(vec4 v) {
    switch (operation) {
        case kExp: return v;
        case kSqrt: return 0.5 / v;
        case kClamp:
            return mix(vec4(0.0), vec4(1.0),
                       bvec4(uvec4(greaterThan(v, vec4(a))) * uvec4(lessThan(v, vec4(b)))));
    }
    return vec4(1.0);
}

void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    dx[i] = keep_padding_zero(fetch(dy, i) * derivative(fetch(y, i)), i, count);
}
