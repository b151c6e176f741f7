#version 450
#include "kernel.glsl"
// y[row] = scale · pixels[index[row]] + offset: a batch of pictures from the data set on the device,
// which holds 8-bit pixels, `stride` words a picture. One thread per vec4 of y.
layout(local_size_x = 256) in;
IN(0, uint, pixels);
IN(1, uint, index);
OUT(2, vec4, y);
PARAMS { uint count; uint picture; uint stride; float scale; float offset; };

float pixel(uint id) {
    id = min(id, count - 1u);
    uint column = id % picture;
    uint word = pixels[index[id / picture] * stride + column / 4u];
    return float((word >> (8u * (column % 4u))) & 255u);
}

void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    uint e = 4u * i;
    vec4 v = vec4(pixel(e), pixel(e + 1u), pixel(e + 2u), pixel(e + 3u));
    y[i] = keep_padding_zero(scale * v + offset, i, count);
}
