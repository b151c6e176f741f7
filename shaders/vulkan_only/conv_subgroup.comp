#version 450
#include "kernel.glsl"
#include "gemm.glsl"
// y = activation(x * weight + bias), or its transpose: one subgroup for 32 pixels x 4·lanes of y.
// Needs channels in multiples of 4. The weight of the transpose is [kh, kw, out, in]: B is
// transposed.
#define kTransposed kTransposeB
#include "conv.glsl"
TEXELS(0, x);
TEXELS(1, weight);
IN(2, vec4, operand);  // of the sums: see epilogue.glsl; any readable buffer if kOperand is 0
OUT(3, vec4, y);
#include "gemm_subgroup.glsl"

mat4 load_weight(uint first, uint quads) {
    mat4 block;
    [[unroll]] for (uint i = 0u; i < 4u; ++i)
        block[i] = texelFetch(weight, int(first + i * quads));
    return is_set(kTransposed) ? transpose(block) : block;
}

// Column and row of the tile. The grid's x, along which groups run consecutively, may be either; if
// there are as many columns as rows, it does not matter.
uvec2 tile() {
    bool x_is_columns = gl_NumWorkGroups.x == (out_channels / 4u + kLanes - 1u) / kLanes;
    return x_is_columns ? gl_WorkGroupID.xy : gl_WorkGroupID.yx;
}

// Increments of a texel index: to the next step, to the next tap, and to the next line of taps.
// They are the same for all pixels, so that one flat loop can run over all steps: on lavapipe
// entering a nested loop costs as much as two steps.
struct Jumps { uint step; uint tap; uint line; };

Jumps jumps_in_x(uint taps_in_line) {
    uint steps = in_channels / 4u;
    uint pixel = kTransposed == 0u ? steps : -steps;
    return Jumps(1u, pixel - (steps - 1u),
                 pixel * (in_width - (taps_in_line - 1u)) - (steps - 1u));
}

Jumps jumps_in_weight(uint step, uint taps_in_line, uint tap_spacing) {
    uint back = step * (in_channels / 4u - 1u);
    uint tap = tap_spacing * in_channels * (out_channels / 4u);
    return Jumps(step, tap - back, tap * (kernel_width - (taps_in_line - 1u)) - back);
}

void main() {
    Axis rows = rows_of(gl_WorkGroupID.z);
    Axis columns = columns_of(gl_WorkGroupID.z);
    uint count = batch * rows.count * columns.count;
    uint first_row = tile().y * kRows;
    if (first_row >= count) return;
    uint column4 = tile().x * kLanes + gl_SubgroupInvocationID;
    uint safe_column4 = min(column4, out_channels / 4u - 1u);
    uint steps = in_channels / 4u;

    Window windows[kParts];  // lane l has the windows of rows part·lanes + l
    uint texels[kParts];     // indices into x; out of range in the padding
    [[unroll]] for (uint part = 0u; part < kParts; ++part) {
        windows[part] = window_of(
            min(first_row + part * kLanes + gl_SubgroupInvocationID, count - 1u), rows, columns);
        texels[part] = (windows[part].image + uint(windows[part].row) * in_width +
                        uint(windows[part].column)) * steps;
    }
    uint quads = (is_set(kTransposed) ? in_channels : out_channels) / 4u;
    uint b = tap_of(rows, columns, 0u, 0u) * in_channels * (out_channels / 4u) +
             (is_set(kTransposed) ? 4u * safe_column4 * quads : safe_column4);
    Jumps in_x = jumps_in_x(columns.taps);
    Jumps in_weight = jumps_in_weight(is_set(kTransposed) ? 1u : out_channels, columns.taps,
                                      columns.tap_spacing);

    clear_sums();
    uint step = 0u, tx = 0u, ty = 0u;
    uint total = rows.taps * columns.taps * steps;
    for (uint i = 0u; i < total; ++i) {
        [[unroll]] for (uint part = 0u; part < kParts; ++part) {
            bool inside = is_inside(windows[part], ty, tx);
            vec4 value = texelFetch(x, int(inside ? texels[part] : 0u));
            parts[part] = inside ? value : vec4(0.0);
        }
        add_products(load_weight(b, quads));

        step += 1u;
        bool next_tap = step == steps;
        step = next_tap ? 0u : step;
        tx += next_tap ? 1u : 0u;
        bool next_line = tx == columns.taps;
        tx = next_line ? 0u : tx;
        ty += next_line ? 1u : 0u;
        b += next_line ? in_weight.line : next_tap ? in_weight.tap : in_weight.step;
        uint jump = next_line ? in_x.line : next_tap ? in_x.tap : in_x.step;
        [[unroll]] for (uint part = 0u; part < kParts; ++part) texels[part] += jump;
    }

    vec4 own = vec4(0.0);
    if (kOperand == kBias) own = operand[safe_column4];
    [[unroll]] for (uint row = 0u; row < kRows; ++row) {
        uint pixel = subgroupShuffle(windows[row / kLanes].pixel, row % kLanes);
        uint at = pixel * (out_channels / 4u) + column4;
        if (first_row + row < count && column4 < out_channels / 4u) {
            if (kOperand == kDerivative) own = operand[at];
            y[at] = completed(sums[row], own, slope);
        }
    }
}
