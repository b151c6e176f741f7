#version 450
#include "kernel.glsl"
#include "gemm.glsl"
// C = activation(op(A)·op(B) + bias), a subgroup per 32 rows x 4·lanes columns of C. Needs n % 4 ==
// 0, k % 4 == 0 and, if A is transposed, m % 4 == 0. A and B are texel buffers: lavapipe compiles a
// texelFetch to straight-line code, but a load from a storage buffer to a loop over the lanes,
// which is four times slower.
TEXELS(0, a);
TEXELS(1, b);
IN(2, vec4, operand);  // of the sums: see epilogue.glsl; any readable buffer if kOperand is 0
OUT(3, vec4, c);
PARAMS { uint m; uint n; uint k; float slope; };
#include "gemm_subgroup.glsl"

vec4 load_a(uint first_row, uint part, uint step) {
    uint lane = gl_SubgroupInvocationID;
    if (is_set(kTransposeA)) {
        uint row4 = min(first_row / 4u + part * kQuads + lane % kQuads, m / 4u - 1u);
        return texelFetch(a, int((4u * step + lane / kQuads) * (m / 4u) + row4));
    }
    uint row = min(first_row + part * kLanes + lane, m - 1u);
    return texelFetch(a, int(row * (k / 4u) + step));
}

mat4 load_b(uint step, uint column4) {
    uint stride = (is_set(kTransposeB) ? k : n) / 4u;
    uint first = is_set(kTransposeB) ? column4 * k + step : step * n + column4;
    mat4 block;
    [[unroll]] for (uint i = 0u; i < 4u; ++i) block[i] = texelFetch(b, int(first + i * stride));
    return is_set(kTransposeB) ? transpose(block) : block;
}

void store_row(uint row, uint column4, vec4 sums) {
    if (row >= m || column4 >= n / 4u) return;
    uint at = row * (n / 4u) + column4;
    COMPLETE(sums, column4, at)
    c[at] = sums;
}

void main() {
    uint first_row = gl_WorkGroupID.y * kRows;
    uint column4 = gl_WorkGroupID.x * kLanes + gl_SubgroupInvocationID;
    clear_sums();
    for (uint step = 0u; step < k / 4u; ++step) {
        [[unroll]] for (uint part = 0u; part < kParts; ++part)
            parts[part] = load_a(first_row, part, step);
        add_products(load_b(step, min(column4, n / 4u - 1u)));
    }
    [[unroll]] for (uint row = 0u; row < kRows; ++row)
        store_row(first_row + row, column4, sums[row]);
}
