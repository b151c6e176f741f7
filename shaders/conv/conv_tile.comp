#version 450
#include "kernel.glsl"
#include "gemm.glsl"
#pragma cpu_form(none)
// y = activation(x * weight + bias), or its transpose, for GPUs: a workgroup per 64 pixels x 64
// channels. Needs channels in multiples of 4. The weight of the transpose is [kh, kw, out, in]: B
// is transposed.
#define kTransposed kTransposeB
#include "conv.glsl"
#include "gemm_tile.glsl"
IN(0, float, x);
IN(1, float, weight);
IN(2, vec4, operand);  // of the sums: see epilogue.glsl; any readable buffer if kOperand is 0
OUT(3, vec4, y);

float x_at(uint index, uint count, Axis rows, Axis columns, uvec2 tap, uint channel) {
    uint pixel = pixel_under(window_of(min(index, count - 1u), rows, columns), tap.y, tap.x);
    float value = x[min(pixel, batch * in_height * in_width - 1u) * in_channels + channel];
    return mix(value, 0.0, pixel == kOutside || tap.y >= rows.taps);
}

// Terms run over the phase's taps and, within each, over the channels.
vec4 load_a(uint row4, uint depth) {
    Axis rows = rows_of(gl_WorkGroupID.z);
    Axis columns = columns_of(gl_WorkGroupID.z);
    uint count = max(batch * rows.count * columns.count, 1u);
    uint channel = depth % in_channels;
    uint number = depth / in_channels;
    uvec2 tap = uvec2(number % max(columns.taps, 1u), number / max(columns.taps, 1u));
    if (columns.taps == 0u) tap.y = rows.taps;  // there are no taps
    return vec4(x_at(4u * row4, count, rows, columns, tap, channel),
                x_at(4u * row4 + 1u, count, rows, columns, tap, channel),
                x_at(4u * row4 + 2u, count, rows, columns, tap, channel),
                x_at(4u * row4 + 3u, count, rows, columns, tap, channel));
}

// Past the edges any weight will do: there load_a returns zeros or store_row drops the sums.
vec4 load_b(uint depth, uint column4) {
    Axis rows = rows_of(gl_WorkGroupID.z);
    Axis columns = columns_of(gl_WorkGroupID.z);
    uint channel = depth % in_channels;
    uint number = depth / in_channels;
    uint tap = tap_of(rows, columns, number / max(columns.taps, 1u),
                      number % max(columns.taps, 1u));
    tap = min(tap, kernel_height * kernel_width - 1u);
    uint column = min(4u * column4, out_channels - 4u);
    uint stride_of_column = is_set(kTransposed) ? in_channels : 1u;
    uint first = is_set(kTransposed) ? (tap * out_channels + column) * in_channels + channel
                                     : (tap * in_channels + channel) * out_channels + column;
    return vec4(weight[first], weight[first + stride_of_column],
                weight[first + 2u * stride_of_column], weight[first + 3u * stride_of_column]);
}

void store_row(uint row, uint column4, vec4 sums) {
    Axis rows = rows_of(gl_WorkGroupID.z);
    Axis columns = columns_of(gl_WorkGroupID.z);
    if (row >= batch * rows.count * columns.count || column4 >= out_channels / 4u) return;
    uint at = window_of(row, rows, columns).pixel * (out_channels / 4u) + column4;
    COMPLETE(sums, column4, at)
    y[at] = sums;
}

// WGSL requires a uniform number of terms, independent of the phase: that of the phase with the
// most taps.
uint terms() {
    if (!is_set(kTransposed)) return kernel_height * kernel_width * in_channels;
    return ((kernel_height - 1u) / stride + 1u) * ((kernel_width - 1u) / stride + 1u) * in_channels;
}

void main() { gemm_tile(0u, terms()); }
