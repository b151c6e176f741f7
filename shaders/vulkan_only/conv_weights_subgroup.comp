#version 450
#include "kernel.glsl"
#include "gemm.glsl"
// Partial sums of a convolution's weight gradient: a subgroup per 32 rows x 4·lanes. Needs channels
// in multiples of 4.
#include "conv_weights.glsl"
TEXELS(0, x);
TEXELS(1, dy);
OUT(2, vec4, partial);
#include "gemm_subgroup.glsl"

// The place four pixels later. Avoids division, which lavapipe does lane by lane.
Place advance(Place place, Place four) {
    place.j += four.j;
    uint carry = place.j >= out_width ? 1u : 0u;
    place.j -= carry * out_width;
    place.i += four.i + carry;
    carry = place.i >= out_height ? 1u : 0u;
    place.i -= carry * out_height;
    place.b += four.b + carry;
    return place;
}

// The tile's first row. Adjacent tiles use the same channels at different taps, mostly of the same
// pixels, which then stay in the cache.
uint first_row_of_tile() {
    uint tile = gl_WorkGroupID.y;
    uint taps = kernel_height * kernel_width;
    if (in_channels % kRows == 0u) tile = tile % taps * (in_channels / kRows) + tile / taps;
    return tile * kRows;
}

void main() {
    uint first_row4 = first_row_of_tile() / 4u;
    uint column4 = gl_WorkGroupID.x * kLanes + gl_SubgroupInvocationID;
    uint quads = out_channels / 4u;
    uint first = gl_WorkGroupID.z * pixels_per_split;
    uint end = min(first + pixels_per_split, pixel_count());

    Rows rows[kParts];
    [[unroll]] for (uint part = 0u; part < kParts; ++part)
        rows[part] = rows_of(min(first_row4 + part * kQuads + gl_SubgroupInvocationID % kQuads,
                                 row_count() / 4u - 1u));
    Place place = place_of(first + gl_SubgroupInvocationID / kQuads);
    Place four = place_of(4u);

    clear_sums();
    uint last = (pixel_count() - 1u) * quads + min(column4, quads - 1u);
    for (uint pixel = first; pixel < end; pixel += 4u) {
        [[unroll]] for (uint part = 0u; part < kParts; ++part) {
            uint at = vec4_of_x(place, rows[part]);
            vec4 value = texelFetch(x, int(at == kOutside ? 0u : at));
            parts[part] = at == kOutside ? vec4(0.0) : value;
        }
        // Past the last pixel A is zero, so any dy will do.
        uint b = pixel * quads + min(column4, quads - 1u);
        mat4 b_rows;
        [[unroll]] for (uint d = 0u; d < 4u; ++d)
            b_rows[d] = texelFetch(dy, int(min(b + d * quads, last)));
        add_products(b_rows);
        place = advance(place, four);
    }

    if (column4 >= quads) return;
    uint row = 4u * first_row4;
    [[unroll]] for (uint r = 0u; r < kRows; ++r)
        if (row + r < row_count())
            partial[(gl_WorkGroupID.z * row_count() + row + r) * quads + column4] = sums[r];
}
