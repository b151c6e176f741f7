// Bindings and loaders of matrix multiplication for gemm_block.glsl. They need n % 4 == 0, k % 4 ==
// 0 and, if A is transposed, m % 4 == 0. The terms are split among the workgroups' z, which write
// partial sums c[z, m, n], which sum_terms.comp adds up; with a single z, c is the result.
IN(0, vec4, a);
IN(1, vec4, b);
IN(2, vec4, operand);  // of the sums: see epilogue.glsl; any readable buffer if kOperand is 0
OUT(3, vec4, c);
PARAMS { uint m; uint n; uint k; float slope; uint terms; };

// State of this thread's block, in vec4s: where its four lines begin in A (or B), and the current
// term.
uvec4 lines;
uint depth;

const uvec4 kFour = uvec4(0u, 1u, 2u, 3u);

// Rows and columns past the edge repeat the last ones; store_row drops them.
void start_a(uint row4, uint depth4) {
    depth = depth4;
    lines = is_set(kTransposeA) ? uvec4(min(row4, m / 4u - 1u))
                                : min(4u * row4 + kFour, m - 1u) * (k / 4u);
}

void start_b(uint depth4, uint column4) {
    depth = depth4;
    uint column = min(column4, n / 4u - 1u);
    lines = is_set(kTransposeB) ? (4u * column + kFour) * (k / 4u) : uvec4(column);
}

// The current positions in the lines; the last term is repeated past the end. Advances `depth`.
uvec4 places(bool depth_is_contiguous, uint width4) {
    uint safe = min(depth, k / 4u - 1u);
    depth += kDepth / 4u;
    return lines + (depth_is_contiguous ? uvec4(safe) : (4u * safe + kFour) * width4);
}

mat4 fetch_a() {
    bool is_past = depth >= k / 4u;
    uvec4 at = places(!is_set(kTransposeA), m / 4u);
    mat4 block = mat4(a[at.x], a[at.y], a[at.z], a[at.w]);
    if (!is_set(kTransposeA)) block = transpose(block);
    if (is_past) block = mat4(0.0);
    return block;
}

mat4 fetch_b() {
    uvec4 at = places(is_set(kTransposeB), n / 4u);
    mat4 block = mat4(b[at.x], b[at.y], b[at.z], b[at.w]);
    if (is_set(kTransposeB)) block = transpose(block);
    return block;
}

void store_row(uint row, uint column4, vec4 sums) {
    if (row >= m || column4 >= n / 4u) return;
    uint at = (gl_WorkGroupID.z * m + row) * (n / 4u) + column4;
    COMPLETE(sums, column4, at)
    c[at] = sums;
}

void main() { gemm_block(gl_WorkGroupID.z * terms, terms); }
