#version 450
#include "kernel.glsl"
// u[pixel, (tap, c)] = x[pixel under tap of an output pixel's window, c], or 0 outside.
layout(local_size_x = 64) in;
IN(0, float, x);
OUT(1, vec4, u);
float load_x(uint element) { return x[element]; }
#include "unfold.glsl"

void main() {
    uint row = flat_id();
    if (row < batch * out_height * out_width) unfold_row(row);
}
