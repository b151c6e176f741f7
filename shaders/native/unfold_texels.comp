#version 450
#include "kernel.glsl"
// unfold.comp for lavapipe, where a texelFetch is several times as fast as a storage buffer's load.
layout(local_size_x = 64) in;
TEXELS(0, x);
OUT(1, vec4, u);
float load_x(uint element) { return texelFetch(x, int(element / 4u))[element % 4u]; }
#include "unfold.glsl"

void main() {
    uint row = flat_id();
    if (row < batch * out_height * out_width) unfold_row(row);
}
