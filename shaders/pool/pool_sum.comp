#version 450
#include "kernel.glsl"
// y[window] = factor · Σ of the window's pixels of x. One thread per vec4 of y.
#include "pool.glsl"
layout(local_size_x = 256) in;
IN(0, float, x);
OUT(1, vec4, y);

float element(uint id) {
    Place window = place_in(id, pooled_height, pooled_width);
    uvec2 rows = pixels_of(window.i, height);
    uvec2 columns = pixels_of(window.j, width);
    float sum = 0.0;
    for (uint i = rows.x; i < rows.y; ++i)
        for (uint j = columns.x; j < columns.y; ++j)
            sum += x[index_in_picture(Place(window.b, i, j, window.c))];
    return factor_of(rows, columns) * sum;
}

void main() {
    uint i = flat_id();
    uint count = batch * pooled_height * pooled_width * channels;
    if (4u * i >= count) return;
    uvec4 ids = min(4u * i + uvec4(0u, 1u, 2u, 3u), uvec4(count - 1u));
    vec4 values = vec4(element(ids.x), element(ids.y), element(ids.z), element(ids.w));
    y[i] = keep_padding_zero(values, i, count);
}
