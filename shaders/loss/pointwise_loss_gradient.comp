#version 450
#include "kernel.glsl"
#include "pointwise_loss.glsl"
// dx = dy[row] · d loss / dx for pointwise_loss.comp summed over rows. One thread per vec4.
layout(local_size_x = 256) in;
IN(0, vec4, x);
IN(1, vec4, target);
IN(2, float, dy);
OUT(3, vec4, dx);
PARAMS { uint count; uint row; };

void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    uvec4 rows = min(4u * i + uvec4(0u, 1u, 2u, 3u), uvec4(count - 1u)) / row;
    vec4 scale = vec4(dy[rows.x], dy[rows.y], dy[rows.z], dy[rows.w]);
    dx[i] = keep_padding_zero(scale * derivative(x[i], target[i]), i, count);
}
