// Windows of size x size, `stride` apart, over pictures [batch, height, width, channels] with
// `padding` pixels around that no window counts: there are pooled_height x pooled_width of them.
#ifndef PUMICE_POOL_GLSL
#define PUMICE_POOL_GLSL

PARAMS {
    uint batch; uint height; uint width; uint channels;
    uint pooled_height; uint pooled_width;
    uint size; uint stride; uint padding;
    uint divide_by_pixels;
    float scale;
};

// An element of a picture, or of what the windows give.
struct Place { uint b; uint i; uint j; uint c; };

Place place_in(uint id, uint rows, uint columns) {
    uint pixel = id / channels;
    uint line = pixel / columns;
    return Place(line / rows, line % rows, pixel % columns, id % channels);
}

uint index_in_picture(Place p) { return ((p.b * height + p.i) * width + p.j) * channels + p.c; }
uint index_of_window(Place p) {
    return ((p.b * pooled_height + p.i) * pooled_width + p.j) * channels + p.c;
}

// Along one axis, the first pixel of a window and the one after the last. There is one in each, as
// padding <= size / 2.
uvec2 pixels_of(uint window, uint extent) {
    uint first = window * stride;
    return uvec2(max(first, padding) - padding, min(first + size - padding, extent));
}

// Along one axis, the first window that covers a pixel and the one after the last.
uvec2 windows_over(uint pixel, uint count) {
    uint place = pixel + padding;
    uint first = place < size ? 0u : (place - size) / stride + 1u;
    return uvec2(first, min(place / stride + 1u, count));
}

// What a window's sum is multiplied by.
float factor_of(uvec2 rows, uvec2 columns) {
    if (divide_by_pixels == 0u) return scale;
    return scale / float((rows.y - rows.x) * (columns.y - columns.x));
}

#endif
