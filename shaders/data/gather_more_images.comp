#version 450
#include "kernel.glsl"
// gather_images for a data set larger than one binding: y is `before`, the batch so far, with the
// rows whose images are in the next binding. One thread per vec4 of y.
layout(local_size_x = 256) in;
IN(0, uint, pixels);
IN(1, uint, index);
IN(2, uint, step_state);  // step, seed low, seed high
IN(3, vec4, before);
OUT(4, vec4, y);
#include "image_value.glsl"

void main() {
    uint i = flat_id();
    if (4u * i >= count) return;
    y[i] = values(i, before[i]);
}
