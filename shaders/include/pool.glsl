// Windows of size x size, `stride` apart, over pictures [batch, height, width, channels]: there are
// pooled_height x pooled_width of them.
#ifndef PUMICE_POOL_GLSL
#define PUMICE_POOL_GLSL

PARAMS {
    uint batch; uint height; uint width; uint channels;
    uint pooled_height; uint pooled_width;
    uint size; uint stride;
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

// Along one axis, the first window that covers a pixel and the one after the last.
uvec2 windows_over(uint pixel, uint count) {
    uint first = pixel < size ? 0u : (pixel - size) / stride + 1u;
    return uvec2(first, min(pixel / stride + 1u, count));
}

#endif
