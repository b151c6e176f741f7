#version 450
#include "kernel.glsl"
// y[row] = scale · pixels[index[row]] + offset: a batch of images from the data set on the
// device, optionally mirrored and shifted randomly. One thread per vec4 of y.
layout(local_size_x = 256) in;
IN(0, uint, pixels);
IN(1, uint, index);
IN(2, uint, step_state);  // step, seed low, seed high
OUT(3, vec4, y);
#include "image_value.glsl"

void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    y[i] = values(i, vec4(0.0));
}
