// The weight gradient of a convolution, as a matrix product:
//     dw[tap, c, n] = Σ over output pixels p of  x[pixel at tap of p's window, c] · dy[p, n]
// A is [m = taps·channels of x, k = output pixels], stored transposed; B = dy is [k, n]. There are
// many more terms than sums, so the pixels are split among the workgroups' z, which write partial
// sums partial[z, m, n]. These are added up afterwards in a fixed order.
#ifndef PUMICE_CONV_WEIGHTS_GLSL
#define PUMICE_CONV_WEIGHTS_GLSL

PARAMS {
    uint batch;
    uint in_height; uint in_width; uint in_channels;
    uint out_height; uint out_width; uint out_channels;
    uint kernel_height; uint kernel_width;
    uint stride; uint top; uint left;
    uint pixels_per_split;  // a multiple of 16
};

uint row_count() { return kernel_height * kernel_width * in_channels; }
uint pixel_count() { return batch * out_height * out_width; }

// The coordinates of an output pixel.
struct Place { uint b; uint i; uint j; };

Place place_of(uint pixel) {
    uint line = pixel / out_width;
    return Place(line / out_height, line % out_height, pixel % out_width);
}

// Four rows of A: the same four channels of the pixels at one tap.
struct Rows {
    int row; int column;  // of the pixel at the tap, in the window at the origin
    uint channel4;
};

Rows rows_of(uint row4) {
    uint quads = in_channels / 4u;
    uint tap = row4 / quads;
    return Rows(int(tap / kernel_width) - int(top), int(tap % kernel_width) - int(left),
                row4 % quads);
}

const uint kOutside = 0xffffffffu;

// The index of the vec4 of x that the rows use from the window of an output pixel, or kOutside.
uint vec4_of_x(Place place, Rows rows) {
    int y = int(place.i * stride) + rows.row;
    int x = int(place.j * stride) + rows.column;
    bool inside = place.b < batch && uint(y) < in_height && uint(x) < in_width;
    uint pixel = (place.b * in_height + uint(y)) * in_width + uint(x);
    return inside ? pixel * (in_channels / 4u) + rows.channel4 : kOutside;
}

#endif
