#version 450
#include "kernel.glsl"
#include "gemm.glsl"
// y = activation(x * weight + bias), or its transpose, for CPU drivers: a thread per 4 pixels x 4
// channels. Needs channels in multiples of 4. The weight of the transpose is [kh, kw, out, in]: B
// is transposed.
#define kTransposed kTransposeB
#include "conv.glsl"
layout(local_size_x = 16, local_size_y = 4) in;
IN(0, vec4, x);
IN(1, vec4, weight);
IN(2, vec4, operand);  // of the sums: see epilogue.glsl; any readable buffer if kOperand is 0
OUT(3, vec4, y);

vec4 load_x(uint pixel, uint step) {
    vec4 value = x[min(pixel, batch * in_height * in_width - 1u) * (in_channels / 4u) + step];
    return mix(value, vec4(0.0), bvec4(pixel == kOutside));
}

mat4 load_weight(uint tap, uint step, uint column4) {
    uint quads = (is_set(kTransposed) ? in_channels : out_channels) / 4u;
    uint first = is_set(kTransposed) ? (tap * out_channels + 4u * column4) * quads + step
                                     : (tap * in_channels + 4u * step) * quads + column4;
    mat4 block = mat4(weight[first], weight[first + quads], weight[first + 2u * quads],
                      weight[first + 3u * quads]);
    if (is_set(kTransposed)) return transpose(block);
    return block;
}

void main() {
    uint column4 = gl_GlobalInvocationID.x;
    uint row4 = gl_GlobalInvocationID.y;
    Axis rows = rows_of(gl_WorkGroupID.z);
    Axis columns = columns_of(gl_WorkGroupID.z);
    uint count = batch * rows.count * columns.count;
    if (column4 >= out_channels / 4u || 4u * row4 >= count) return;

    Window w0 = window_of(4u * row4, rows, columns);
    Window w1 = window_of(min(4u * row4 + 1u, count - 1u), rows, columns);
    Window w2 = window_of(min(4u * row4 + 2u, count - 1u), rows, columns);
    Window w3 = window_of(min(4u * row4 + 3u, count - 1u), rows, columns);
    mat4 sums = mat4(0.0);
    for (uint ty = 0u; ty < rows.taps; ++ty) {
        for (uint tx = 0u; tx < columns.taps; ++tx) {
            uvec4 pixels = uvec4(pixel_under(w0, ty, tx), pixel_under(w1, ty, tx),
                                 pixel_under(w2, ty, tx), pixel_under(w3, ty, tx));
            uint tap = tap_of(rows, columns, ty, tx);
            for (uint step = 0u; step < in_channels / 4u; ++step)
                sums += load_weight(tap, step, column4) *
                        mat4(load_x(pixels.x, step), load_x(pixels.y, step),
                             load_x(pixels.z, step), load_x(pixels.w, step));
        }
    }

    uvec4 pixels = uvec4(w0.pixel, w1.pixel, w2.pixel, w3.pixel);
    for (uint r = 0u; r < min(4u, count - 4u * row4); ++r) {
        uint at = pixels[r] * (out_channels / 4u) + column4;
        vec4 sum = sums[r];
        COMPLETE(sum, column4, at)
        y[at] = sum;
    }
}
