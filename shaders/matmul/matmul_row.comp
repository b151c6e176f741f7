#version 450
#include "kernel.glsl"
#include "gemm.glsl"
// C = activation(A·op(B) + bias) with one or two rows, for CPU drivers: a thread per 8 columns of a
// row.
#include "vectors.glsl"
// C++ constants: the columns per workgroup.
const uint kRowColumns = 32u;

layout(local_size_x = kRowColumns / 8) in;

void main() {
    uint column4 = 2u * gl_GlobalInvocationID.x;
    uint row = gl_GlobalInvocationID.y;
    if (column4 >= quarter(n) || row >= m) return;

    uint right_column4 = min(column4 + 1u, quarter(n) - 1u);
    uvec4 at_left = lines_of_b(column4), at_right = lines_of_b(right_column4);
    vec4 left = vec4(0.0), right = vec4(0.0);
    for (uint step = 0u; step < quarter(k); ++step) {
        vec4 terms = a[row * quarter(k) + step];
        left += load_b(at_left) * terms;
        right += load_b(at_right) * terms;
        at_left += stride_of_b();
        at_right += stride_of_b();
    }
    store_row(row, column4, left);
    if (right_column4 != column4) store_row(row, right_column4, right);
}
