#version 450
#include "kernel.glsl"
// y[window] = values[where x is largest in the window]; the pooling itself where values is x.
// One thread per vec4 of y.
#include "pool.glsl"
layout(local_size_x = 256) in;
IN(0, float, x);
IN(1, float, values);
OUT(2, vec4, y);
#include "pool_max.glsl"

float element(uint id) {
    return values[index_of_maximum(place_in(id, pooled_height, pooled_width))];
}

void main() {
    uint i = flat_id();
    uint count = batch * pooled_height * pooled_width * channels;
    if (4u * i >= count) return;
    uvec4 ids = min(4u * i + uvec4(0u, 1u, 2u, 3u), uvec4(count - 1u));
    vec4 picked = vec4(element(ids.x), element(ids.y), element(ids.z), element(ids.w));
    y[i] = keep_padding_zero(scale * picked, i, count);
}
