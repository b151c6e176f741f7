// Bindings and loaders of matrix multiplication for kernels that read vec4s. They need n % 4 == 0,
// k % 4 == 0 and, if A is transposed, m % 4 == 0.
IN(0, vec4, a);
IN(1, vec4, b);
IN(2, vec4, operand);  // of the sums: see epilogue.glsl; any readable buffer if kOperand is 0
OUT(3, vec4, c);
PARAMS { uint m; uint n; uint k; float slope; };

const uvec4 kFour = uvec4(0u, 1u, 2u, 3u);

// Rows past the end repeat the last one; store_row drops them.
uvec4 lines_of_a(uint row4) {
    return is_set(kTransposeA) ? kFour * (m / 4u) + row4 : min(4u * row4 + kFour, m - 1u) * (k / 4u);
}

uvec4 lines_of_b(uint column4) {
    return is_set(kTransposeB) ? (4u * column4 + kFour) * (k / 4u) : kFour * (n / 4u) + column4;
}

uint stride_of_a() { return is_set(kTransposeA) ? m : 1u; }
uint stride_of_b() { return is_set(kTransposeB) ? 1u : n; }

mat4 load_a(uvec4 lines) {
    mat4 block = mat4(a[lines.x], a[lines.y], a[lines.z], a[lines.w]);
    return is_set(kTransposeA) ? transpose(block) : block;
}

mat4 load_b(uvec4 lines) {
    mat4 block = mat4(b[lines.x], b[lines.y], b[lines.z], b[lines.w]);
    return is_set(kTransposeB) ? transpose(block) : block;
}

void store_row(uint row, uint column4, vec4 sums) {
    if (row >= m) return;
    uint at = row * (n / 4u) + column4;
    COMPLETE(sums, column4, at)
    c[at] = sums;
}
