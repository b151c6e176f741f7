#version 450
#include "kernel.glsl"
#include "gemm.glsl"
// C = activation(op(A)·op(B) + bias) by vec4s, for CPU drivers: a thread per block of 4 x 4.
// Needs n % 4 == 0, k % 4 == 0, and m % 4 == 0 where A is transposed.
IN(0, vec4, a);
IN(1, vec4, b);
IN(2, vec4, bias);  // [n]; any readable buffer where kHasBias is 0
OUT(3, vec4, c);
PARAMS { uint m; uint n; uint k; float slope; };
#include "gemm_registers.glsl"

mat4 load_a(uint row4, uint step) {
    if (is_set(kTransposeA)) {
        uvec4 line = (4u * step + uvec4(0u, 1u, 2u, 3u)) * (m / 4u) + row4;
        return transpose(mat4(a[line.x], a[line.y], a[line.z], a[line.w]));
    }
    // Rows past the end repeat the last one; store_row drops them.
    uvec4 line = min(4u * row4 + uvec4(0u, 1u, 2u, 3u), m - 1u) * (k / 4u) + step;
    return mat4(a[line.x], a[line.y], a[line.z], a[line.w]);
}

mat4 load_b(uint step, uint column4) {
    if (is_set(kTransposeB)) {
        uvec4 line = (4u * column4 + uvec4(0u, 1u, 2u, 3u)) * (k / 4u) + step;
        return transpose(mat4(b[line.x], b[line.y], b[line.z], b[line.w]));
    }
    uvec4 line = (4u * step + uvec4(0u, 1u, 2u, 3u)) * (n / 4u) + column4;
    return mat4(b[line.x], b[line.y], b[line.z], b[line.w]);
}

void store_row(uint row, uint column4, vec4 sums) {
    if (row >= m) return;
    if (is_set(kHasBias)) sums += bias[column4];
    c[row * (n / 4u) + column4] = activate(sums, slope);
}

void main() { gemm_registers(); }
