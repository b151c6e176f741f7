// Geometry of a convolution and of its transpose (the gradient for its input) on images [batch,
// height, width, channels]: which input pixels an output pixel depends on.
//
// Along each axis, output pixels are divided into phases. A convolution has one phase. A transposed
// convolution with stride s has s: pixels s apart, which use every s-th tap of the kernel, so that
// each phase is a dense convolution without products with the zeros between input pixels.
//
// The shader that includes this defines kTransposed and owns these params:
#ifndef PUMICE_CONV_GLSL
#define PUMICE_CONV_GLSL
#ifndef PUMICE_TERMS
#define PUMICE_TERMS  // additional params of the shader, after these
#endif

PARAMS {
    uint batch;
    uint in_height; uint in_width; uint in_channels;
    uint out_height; uint out_width; uint out_channels;
    uint kernel_height; uint kernel_width;
    uint stride; uint top; uint left;
    float slope;
    PUMICE_TERMS
};

// One axis of a phase: output pixel first + i·spacing combines input pixel origin + i·step ± t with
// tap first_tap + t·tap_spacing of the kernel, for t < taps.
struct Axis {
    uint count;  // output pixels
    uint first; uint spacing;
    int origin; uint step;
    uint taps; uint first_tap; uint tap_spacing;
};

Axis axis_of(uint phase, uint extent, uint kernel, uint padding) {
    if (kTransposed == 0u)
        return Axis(extent, 0u, 1u, -int(padding), stride, kernel, 0u, 1u);
    uint first = (phase + padding * (stride - 1u)) % stride;  // (first + padding) % stride == phase
    return Axis(first < extent ? (extent - first - 1u) / stride + 1u : 0u, first, stride,
                int((first + padding - phase) / stride), 1u,
                phase < kernel ? (kernel - phase - 1u) / stride + 1u : 0u, phase, stride);
}

Axis rows_of(uint phase) { return axis_of(phase / stride, out_height, kernel_height, top); }
Axis columns_of(uint phase) { return axis_of(phase % stride, out_width, kernel_width, left); }

// The position of an output pixel of a phase, and its window in the input.
struct Window {
    uint pixel;    // index of the output pixel
    uint image;    // index of the first input pixel of its image
    int row; int column;  // of the input pixel at the first tap
};

Window window_of(uint index, Axis rows, Axis columns) {
    uint j = index % max(columns.count, 1u);
    uint line = index / max(columns.count, 1u);
    uint i = line % max(rows.count, 1u);
    uint b = line / max(rows.count, 1u);
    return Window((b * out_height + rows.first + i * rows.spacing) * out_width + columns.first +
                      j * columns.spacing,
                  b * in_height * in_width, rows.origin + int(i * rows.step),
                  columns.origin + int(j * columns.step));
}

// The input row and column at tap (ty, tx) of a window's phase; out of range in the padding.
uvec2 place_under(Window window, uint ty, uint tx) {
    if (kTransposed == 0u) return uvec2(window.row + int(ty), window.column + int(tx));
    return uvec2(window.row - int(ty), window.column - int(tx));
}

bool is_inside(Window window, uint ty, uint tx) {
    uvec2 place = place_under(window, ty, tx);  // wraps below 0
    return place.x < in_height && place.y < in_width;
}

const uint kOutside = 0xffffffffu;

// The input pixel at a tap of a window, or kOutside.
uint pixel_under(Window window, uint ty, uint tx) {
    uvec2 place = place_under(window, ty, tx);
    uint pixel = window.image + place.x * in_width + place.y;
    return is_inside(window, ty, tx) ? pixel : kOutside;
}

// The index of the tap in the kernel.
uint tap_of(Axis rows, Axis columns, uint ty, uint tx) {
    return (rows.first_tap + ty * rows.tap_spacing) * kernel_width + columns.first_tap +
           tx * columns.tap_spacing;
}

#endif
