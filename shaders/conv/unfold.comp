#version 450
#include "kernel.glsl"
// u[pixel, (tap, c)] = x[pixel under tap of an output pixel's window, c], or 0 outside: a
// convolution becomes u · weight. Rows of u are padded with zeros to whole vec4s. One thread per
// row, because finding its place takes divisions, which are slow on CPUs.
layout(local_size_x = 64) in;
VECTORS(0, x);
OUT(1, vec4, u);
layout(constant_id = 0) const uint kTransposed = 0u;
#include "conv.glsl"
#include "conv_taps.glsl"

// A term of a row: a channel at a tap.
struct Term { uint ky; uint kx; uint c; Meeting row; Meeting column; };

Term next_term(Term term, uint j) {
    term.c += 1u;
    if (term.c < in_channels) return term;
    term.c = 0u;
    if (term.column.tap == term.kx) term.column = next_meeting(term.column);
    term.kx += 1u;
    if (term.kx < kernel_width) return term;
    term.kx = 0u;
    term.column = first_meeting(j, left);
    if (term.row.tap == term.ky) term.row = next_meeting(term.row);
    term.ky += 1u;
    return term;
}

float value_of(Term term, uint b) {
    bool meets = term.row.tap == term.ky && term.column.tap == term.kx && term.ky < kernel_height;
    uint pixel = meets ? pixel_at(b, term.row, term.column) : kOutside;
    uint element = pixel == kOutside ? 0u : pixel * in_channels + term.c;
    float value = fetch(x, element / 4u)[element % 4u];
    return pixel == kOutside ? 0.0 : value;
}

void main() {
    uint index = flat_id();
    if (index >= batch * out_height * out_width) return;
    Place place = place_of(index);
    Term term = Term(0u, 0u, 0u, first_meeting(place.i, top), first_meeting(place.j, left));
    uint quads = (kernel_height * kernel_width * in_channels + 3u) / 4u;
    for (uint quad = 0u; quad < quads; ++quad) {
        vec4 values = vec4(0.0);
        for (uint i = 0u; i < 4u; ++i) {
            values = vec4(values.yzw, value_of(term, place.b));
            term = next_term(term, place.j);
        }
        u[index * quads + quad] = values;
    }
}
