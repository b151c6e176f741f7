#version 450
#include "kernel.glsl"
// dx[pixel] = scale · Σ of dy over the windows of x that have their maximum there.
// One thread per vec4 of dx.
#include "pool.glsl"
layout(local_size_x = 256) in;
IN(0, float, x);
IN(1, float, dy);
OUT(2, vec4, dx);
#include "pool_max.glsl"

float element(uint id) {
    Place pixel = place_in(id, height, width);
    uvec2 rows = windows_over(pixel.i, pooled_height);
    uvec2 columns = windows_over(pixel.j, pooled_width);
    float sum = 0.0;
    for (uint i = rows.x; i < rows.y; ++i) {
        for (uint j = columns.x; j < columns.y; ++j) {
            Place window = Place(pixel.b, i, j, pixel.c);
            if (index_of_maximum(window) == id) sum += dy[index_of_window(window)];
        }
    }
    return sum;
}

void main() {
    uint i = flat_id();
    uint count = batch * height * width * channels;
    if (4u * i >= count) return;
    uvec4 ids = min(4u * i + uvec4(0u, 1u, 2u, 3u), uvec4(count - 1u));
    vec4 values = vec4(element(ids.x), element(ids.y), element(ids.z), element(ids.w));
    dx[i] = keep_padding_zero(scale * values, i, count);
}
