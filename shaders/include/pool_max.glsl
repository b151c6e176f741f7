// Where a window over x has its maximum, the first of equals.
uint index_of_maximum(Place window) {
    Place place = Place(window.b, window.i * stride, window.j * stride, window.c);
    uint best = index_in_picture(place);
    for (uint u = 0u; u < size; ++u) {
        for (uint v = 0u; v < size; ++v) {
            uint at = index_in_picture(Place(place.b, place.i + u, place.j + v, place.c));
            if (x[at] > x[best]) best = at;
        }
    }
    return best;
}
