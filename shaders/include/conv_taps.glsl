// Which input pixels an output pixel combines with which taps of the kernel: like conv.glsl without
// phases, for kernels that iterate over the taps of one pixel.
#ifndef PUMICE_CONV_TAPS_GLSL
#define PUMICE_CONV_TAPS_GLSL

// The coordinates of an output pixel.
struct Place { uint b; uint i; uint j; };

Place place_of(uint pixel) {
    uint line = pixel / out_width;
    return Place(line / out_height, line % out_height, pixel % out_width);
}

// Along one axis: a tap that meets a pixel of the input or its padding, and that pixel.
struct Meeting { uint tap; int pixel; };

Meeting first_meeting(uint place, uint padding) {
    if (kTransposed == 0u) return Meeting(0u, int(place * stride) - int(padding));
    return Meeting((place + padding) % stride, int((place + padding) / stride));
}

Meeting next_meeting(Meeting meeting) {
    if (kTransposed == 0u) return Meeting(meeting.tap + 1u, meeting.pixel + 1);
    return Meeting(meeting.tap + stride, meeting.pixel - 1);
}

// The input pixel where a row and a column meet; kOutside in the padding.
uint pixel_at(uint b, Meeting row, Meeting column) {
    bool inside = uint(row.pixel) < in_height && uint(column.pixel) < in_width;  // wraps below 0
    uint pixel = (b * in_height + uint(row.pixel)) * in_width + uint(column.pixel);
    return inside ? pixel : kOutside;
}

#endif
