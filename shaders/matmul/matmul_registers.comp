#version 450
#include "kernel.glsl"
#include "gemm.glsl"
// C = activation(op(A)·op(B) + bias), one thread per block of rows x 4 columns, by vec4s.
// Needs n % 4 == 0, k % 4 == 0, and m % 4 == 0 where A is transposed.
IN(0, vec4, a);
IN(1, vec4, b);
IN(2, vec4, bias);
OUT(3, vec4, c);
PARAMS { uint m; uint n; uint k; float slope; };
#include "gemm_registers.glsl"

mat4 load_a(uint row4, uint step) {
  if (kTransposeA != 0u) {
    uint i = step * m + row4;
    uint stride = m / 4u;
    return transpose(mat4(a[i], a[i + stride], a[i + 2u * stride], a[i + 3u * stride]));
  }
  // Rows past the end repeat the last one; store_row drops them.
  uvec4 i = min(4u * row4 + uvec4(0u, 1u, 2u, 3u), m - 1u) * (k / 4u) + step;
  return mat4(a[i.x], a[i.y], a[i.z], a[i.w]);
}

mat4 load_b(uint step, uint column4) {
  uint stride = (kTransposeB != 0u ? k : n) / 4u;
  uint i = kTransposeB != 0u ? column4 * k + step : step * n + column4;
  mat4 block = mat4(b[i], b[i + stride], b[i + 2u * stride], b[i + 3u * stride]);
  return kTransposeB != 0u ? transpose(block) : block;
}

void store_row(uint row, uint column4, vec4 sums) {
  if (row >= m) return;
  vec4 added = kHasBias != 0u ? bias[column4] : vec4(0.0);
  c[row * (n / 4u) + column4] = epilogue(sums, added, slope);
}

void main() { gemm_registers(); }
