#version 450
#include "kernel.glsl"
#include "pointwise_loss.glsl"
// The loss of each element of a prediction x against a target, one thread per vec4.
layout(local_size_x = 256) in;
IN(0, vec4, x);
IN(1, vec4, target);
OUT(2, vec4, y);
PARAMS { uint count; };

void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    y[i] = keep_padding_zero(loss(x[i], target[i]), i, count);
}
