#version 450
#include "kernel.glsl"
// y[pixel] = Σ factor · x over the windows that cover the pixel: the gradient of pool_sum.comp.
// One thread per vec4 of y.
#include "pool.glsl"
layout(local_size_x = 256) in;
IN(0, float, x);
OUT(1, vec4, y);

float element(uint id) {
    Place pixel = place_in(id, height, width);
    uvec2 rows = windows_over(pixel.i, pooled_height);
    uvec2 columns = windows_over(pixel.j, pooled_width);
    float sum = 0.0;
    for (uint i = rows.x; i < rows.y; ++i)
        for (uint j = columns.x; j < columns.y; ++j)
            sum += factor_of(pixels_of(i, height), pixels_of(j, width)) *
                   x[index_of_window(Place(pixel.b, i, j, pixel.c))];
    return sum;
}

void main() {
    uint i = flat_id();
    uint count = batch * height * width * channels;
    if (4u * i >= count) return;
    uvec4 ids = min(4u * i + uvec4(0u, 1u, 2u, 3u), uvec4(count - 1u));
    vec4 values = vec4(element(ids.x), element(ids.y), element(ids.z), element(ids.w));
    y[i] = keep_padding_zero(values, i, count);
}
