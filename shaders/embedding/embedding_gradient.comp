#version 450
#include "kernel.glsl"
// The gradient for the table of embedding.comp: for each row, the sum of dy[b] over all b with
// id[b] = row, in batch order. One thread per vec4 of the table.
layout(local_size_x = 64) in;
IN(0, uint, id);
IN(1, float, dy);
OUT(2, vec4, gradient);
PARAMS { uint count; uint width; uint batch; };

void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    uvec4 element = min(4u * i + uvec4(0u, 1u, 2u, 3u), uvec4(count - 1u));
    uvec4 row = element / width;
    uvec4 column = element % width;
    vec4 sum = vec4(0.0);
    for (uint b = 0u; b < batch; ++b) {
        uint own = id[b];
        if (own < row.x || own > row.w) continue;
        uvec4 at = b * width + column;
        sum += mix(vec4(0.0), vec4(dy[at.x], dy[at.y], dy[at.z], dy[at.w]), equal(row, uvec4(own)));
    }
    gradient[i] = keep_padding_zero(sum, i, count);
}
