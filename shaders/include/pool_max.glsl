// Where a window over x has its maximum, the first of equals.
uint index_of_maximum(Place window) {
    uvec2 rows = pixels_of(window.i, height);
    uvec2 columns = pixels_of(window.j, width);
    uint best = index_in_picture(Place(window.b, rows.x, columns.x, window.c));
    for (uint i = rows.x; i < rows.y; ++i) {
        for (uint j = columns.x; j < columns.y; ++j) {
            uint at = index_in_picture(Place(window.b, i, j, window.c));
            if (x[at] > x[best]) best = at;
        }
    }
    return best;
}
