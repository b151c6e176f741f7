#version 450
#include "kernel.glsl"
#include "nan.glsl"
#include "random.glsl"
// y[b] = (sin πt, sin 2πt, …, cos πt, cos 2πt, …) of t[b], each half of y long. One thread per vec4
// of y. The sines are our own: a driver's may be off by 2⁻¹¹.
layout(local_size_x = 64) in;
IN(0, float, t);
OUT(1, vec4, y);
PARAMS { uint count; uint size; };

float element(uint at) {
    at = min(at, count - 1u);
    uint half_size = size / 2u;
    uint column = at % size;
    float time = t[at / size];
    vec2 point = unit_circle(fract(0.5 * time * float(column % half_size + 1u)));
    return keep_nan(time, column < half_size ? point.y : point.x);
}

void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    uint e = 4u * i;
    vec4 v = vec4(element(e), element(e + 1u), element(e + 2u), element(e + 3u));
    y[i] = keep_padding_zero(v, i, count);
}
