// Windows of kSize x kSize, kStride apart, over images [batch, height, width, channels] with
// `padding` pixels around them, which windows ignore. There are pooled_height x pooled_width
// windows per image.
#ifndef PUMICE_POOL_GLSL
#define PUMICE_POOL_GLSL
layout(constant_id = 0) const uint kInVec4s = 0u;
#include "elements.glsl"

// Specialization constants, so that drivers unroll the loops over a window. They are numbers like
// any others for the CPU device: nothing in a loop divides by them.
layout(constant_id = 1) const uint kSize = 2u;
layout(constant_id = 2) const uint kStride = 2u;
const uint kOver = (kSize + kStride - 1u) / kStride;  // windows that cover a pixel, per axis

PARAMS {
    uint count;
    uint height; uint width; uint channels;
    uint pooled_height; uint pooled_width;
    uint padding;
    uint divide_by_pixels;
    float scale;
};

// The coordinates of an element of an image or of the pooled result.
struct Place { uint b; uint i; uint j; uint c; };

Place place_in(uint id, uint rows, uint columns) {
    uvec2 pixel = divided(id, channels);
    uvec2 line = divided(pixel.x, columns);
    uvec2 image = divided(line.x, rows);
    return Place(image.x, image.y, line.y, pixel.y);
}

uint index_in_image(Place p) { return ((p.b * height + p.i) * width + p.j) * channels + p.c; }
uint index_of_window(Place p) {
    return ((p.b * pooled_height + p.i) * pooled_width + p.j) * channels + p.c;
}

// The pixel at tap (u, v) of a window, tap u · kSize + v of all: its index_in_image(), and whether it is inside the image.
struct Pixel { uint index; bool is_inside; };

Pixel pixel_under(Place window, uint u, uint v) {
    uint i = window.i * kStride + u - padding;  // wraps beyond the edge
    uint j = window.j * kStride + v - padding;
    bool is_inside = i < height && j < width;
    i = min(i, height - 1u);
    j = min(j, width - 1u);
    return Pixel(index_in_image(Place(window.b, i, j, window.c)), is_inside);
}

// The last of the kOver x kOver windows that may cover a pixel, in both directions.
struct Corner { uint i; uint j; };

Corner last_window_over(Place pixel) {
    return Corner((pixel.i + padding) / kStride, (pixel.j + padding) / kStride);
}

// The window `up` and `left` of that one, and the tap at which it covers the pixel.
struct Cover { Place window; uint tap; bool is_real; };

Cover window_over(Place pixel, Corner last, uint up, uint left) {
    uint i = last.i - up;  // wraps below zero
    uint j = last.j - left;
    uint u = pixel.i + padding - i * kStride;
    uint v = pixel.j + padding - j * kStride;
    bool is_real = i < pooled_height && j < pooled_width && u < kSize && v < kSize;
    i = min(i, pooled_height - 1u);
    j = min(j, pooled_width - 1u);
    return Cover(Place(pixel.b, i, j, pixel.c), u * kSize + v, is_real);
}

// The number of a window's pixels inside the image, along one axis.
uint pixels_inside(uint window, uint extent) {
    uint first = window * kStride;
    return min(first + kSize - padding, extent) - (max(first, padding) - padding);
}

// The factor of a window's sum.
float factor_of(Place window) {
    if (divide_by_pixels == 0u) return scale;
    return scale / float(pixels_inside(window.i, height) * pixels_inside(window.j, width));
}

#endif
