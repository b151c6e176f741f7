// One value of a batch, or of its rows starting at `begin`, from the images of a data set in one
// binding: `images` of them starting at `first`, with 8-bit pixels, `stride` words each. Before this
// batch, the whole one has `rows_before` more rows: augmentation is by the place there. The kernel
// declares the bindings pixels, index and step_state, and has these params.
#include "random.glsl"
layout(constant_id = 0) const uint augmented = 0;
PARAMS {
    uint count; uint begin; uint first; uint images; uint height; uint width; uint channels; uint stride;
    float scale; float offset; uint flip; uint crop; uint stream; uint rows_before;
};

// The column that `column` of an augmented row is copied from; out of range if outside the image.
uint moved_column(uint row, uint column) {
    uvec4 chance = philox(uvec4(rows_before + row, stream, step_state[0], 0u), uvec2(step_state[1], step_state[2]));
    uint x = column / channels % width;
    uint y = column / (channels * width);
    if (flip == 1u && chance.x >> 31 == 1u) x = width - 1u - x;
    x += chance.y % (2u * crop + 1u) - crop;  // wraps around past the left border
    y += chance.z % (2u * crop + 1u) - crop;
    if (x >= width || y >= height) return 0xffffffffu;
    return (y * width + x) * channels + column % channels;
}

// Returns `otherwise` for rows whose image is in another binding.
float value(uint id, float otherwise) {
    id = min(id, count - 1u);
    uint size = height * width * channels;
    uint row = begin + id / size;
    uint column = id % size;
    uint image = index[row] - first;  // wraps around before the first
    if (image >= images) return otherwise;
    if (augmented == 1u) column = moved_column(row, column);
    if (column >= size) return offset;
    uint word = pixels[image * stride + column / 4u];
    return scale * float((word >> (8u * (column % 4u))) & 255u) + offset;
}

vec4 values(uint i, vec4 otherwise) {
    uint e = 4u * i;
    vec4 v = vec4(value(e, otherwise.x), value(e + 1u, otherwise.y), value(e + 2u, otherwise.z),
                  value(e + 3u, otherwise.w));
    return keep_padding_zero(v, i, count);
}
