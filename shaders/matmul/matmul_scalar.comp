#version 450
#include "kernel.glsl"
#include "gemm.glsl"
// C = activation(op(A)·op(B) + bias) of any size, for CPU drivers: a thread per 4 x 4 block. The
// loop is not unrolled over k: SwiftShader needs minutes to compile it unrolled by four.
#include "matrix_elements.glsl"
layout(local_size_x = 16, local_size_y = 4) in;

void main() {
    uint column4 = gl_GlobalInvocationID.x;
    uint row4 = gl_GlobalInvocationID.y;
    if (column4 >= quarter(n) || row4 >= quarter(m)) return;

    mat4 sums = mat4(0.0);
    for (uint depth = 0u; depth < k; ++depth) {
        vec4 rows = load_a(row4, depth);
        vec4 columns = load_b(depth, column4);
        [[unroll]] for (uint r = 0u; r < 4u; ++r) sums[r] += rows[r] * columns;
    }
    [[unroll]] for (uint r = 0u; r < 4u; ++r) store_row(4u * row4 + r, column4, sums[r]);
}
