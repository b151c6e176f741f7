// Which input pixel an output pixel takes with each tap of the kernel: conv.glsl without phases, for
// kernels that compute little.
#ifndef PUMICE_CONV_TAPS_GLSL
#define PUMICE_CONV_TAPS_GLSL

// An output pixel by its place.
struct Place { uint b; uint i; uint j; };

Place place_of(uint pixel) {
    uint line = pixel / out_width;
    return Place(line / out_height, line % out_height, pixel % out_width);
}

// kOutside where there is none.
uint pixel_under_tap(Place place, uint ky, uint kx) {
    uvec2 at = kTransposed == 0u
                   ? uvec2(place.i, place.j) * stride + uvec2(ky, kx) - uvec2(top, left)
                   : uvec2(place.i, place.j) + uvec2(top, left) - uvec2(ky, kx);
    bool inside = true;
    if (kTransposed != 0u) {
        inside = int(at.x) >= 0 && int(at.y) >= 0 && at.x % stride == 0u && at.y % stride == 0u;
        at /= stride;
    }
    inside = inside && at.x < in_height && at.y < in_width;  // wraps where negative
    return inside ? (place.b * in_height + at.x) * in_width + at.y : kOutside;
}

#endif
