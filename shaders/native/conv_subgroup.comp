#version 450
#include "kernel.glsl"
#include "gemm.glsl"
// y = activation(x * weight + bias), or its transpose: one subgroup for 32 pixels x 4·lanes of y.
// Needs channels in multiples of 4. The transpose's weight is [kh, kw, out, in]: B is transposed.
#define kTransposed kTransposeB
#include "conv.glsl"
TEXELS(0, x);
TEXELS(1, weight);
IN(2, vec4, bias);  // [out]; any readable buffer where kHasBias is 0
OUT(3, vec4, y);
#include "gemm_subgroup.glsl"

mat4 load_weight(uint first, uint quads) {
    mat4 block;
    [[unroll]] for (uint i = 0u; i < 4u; ++i)
        block[i] = texelFetch(weight, int(first + i * quads));
    return is_set(kTransposed) ? transpose(block) : block;
}

void main() {
    Axis rows = rows_of(gl_WorkGroupID.z);
    Axis columns = columns_of(gl_WorkGroupID.z);
    uint count = batch * rows.count * columns.count;
    uint first_row = gl_WorkGroupID.y * kRows;
    if (first_row >= count) return;
    uint column4 = gl_WorkGroupID.x * kLanes + gl_SubgroupInvocationID;
    uint safe_column4 = min(column4, out_channels / 4u - 1u);
    uint steps = in_channels / 4u;

    Window windows[kParts];  // lane l has those of the rows part·lanes + l
    [[unroll]] for (uint part = 0u; part < kParts; ++part)
        windows[part] = window_of(
            min(first_row + part * kLanes + gl_SubgroupInvocationID, count - 1u), rows, columns);

    clear_sums();
    uint quads = (is_set(kTransposed) ? in_channels : out_channels) / 4u;
    uint per_step = is_set(kTransposed) ? 1u : out_channels;
    for (uint ty = 0u; ty < rows.taps; ++ty) {
        for (uint tx = 0u; tx < columns.taps; ++tx) {
            uint tap = tap_of(rows, columns, ty, tx);
            uint b = is_set(kTransposed) ? (tap * out_channels + 4u * safe_column4) * quads
                                         : tap * in_channels * quads + safe_column4;
            uint texels[kParts];
            bool inside[kParts];
            [[unroll]] for (uint part = 0u; part < kParts; ++part) {
                uint pixel = pixel_under(windows[part], ty, tx);
                inside[part] = pixel != kOutside;
                texels[part] = inside[part] ? pixel * steps : 0u;
            }
            for (uint step = 0u; step < steps; ++step, b += per_step) {
                [[unroll]] for (uint part = 0u; part < kParts; ++part) {
                    vec4 value = texelFetch(x, int(texels[part] + step));
                    parts[part] = inside[part] ? value : vec4(0.0);
                }
                add_products(load_weight(b, quads));
            }
        }
    }

    vec4 offset = vec4(0.0);
    if (is_set(kHasBias)) offset = bias[safe_column4];
    [[unroll]] for (uint row = 0u; row < kRows; ++row) {
        uint pixel = subgroupShuffle(windows[row / kLanes].pixel, row % kLanes);
        if (first_row + row < count && column4 < out_channels / 4u)
            y[pixel * (out_channels / 4u) + column4] = activate(sums[row] + offset, slope);
    }
}
