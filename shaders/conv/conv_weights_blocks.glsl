// Loaders for weight gradients with gemm_block.glsl: the terms are the output pixels of a split.
IN(0, vec4, x);
IN(1, vec4, dy);
OUT(2, vec4, partial);

Rows own_rows;  // four rows of A, in threads that fetch A
uint column4;   // column of B, in threads that fetch B
uint pixel;     // the first of the block's four terms
Place place;    // its place, for A
Place jump;     // the distance of kDepth pixels

Place next_place(Place at, Place by) {
    at.j += by.j;
    at.i += by.i;
    at.b += by.b;
    if (at.j >= out_width) {
        at.j -= out_width;
        at.i += 1u;
    }
    if (at.i >= out_height) {
        at.i -= out_height;
        at.b += 1u;
    }
    return at;
}

void start_a(uint row4, uint depth4) {
    own_rows = rows_of(min(row4, row_count() / 4u - 1u));
    place = place_of(4u * depth4);
    jump = place_of(kDepth);
}

void start_b(uint depth4, uint column) {
    pixel = 4u * depth4;
    column4 = min(column, out_channels / 4u - 1u);
}

vec4 x_at(Place at) {
    uint index = vec4_of_x(at, own_rows);
    vec4 value = x[index == kOutside ? 0u : index];
    return index == kOutside ? vec4(0.0) : value;
}

mat4 fetch_a() {
    Place one = Place(0u, 0u, 1u);
    Place second = next_place(place, one);
    Place third = next_place(second, one);
    mat4 block = mat4(x_at(place), x_at(second), x_at(third), x_at(next_place(third, one)));
    place = next_place(place, jump);
    return block;
}

// Any number will do where A is zero or the sum is dropped.
mat4 fetch_b() {
    uvec4 at = min(pixel + uvec4(0u, 1u, 2u, 3u), pixel_count() - 1u) * (out_channels / 4u) + column4;
    pixel += kDepth;
    return mat4(dy[at.x], dy[at.y], dy[at.z], dy[at.w]);
}

void store_row(uint row, uint column, vec4 sums) {
    uint quads = out_channels / 4u;
    if (row >= row_count() || column >= quads) return;
    partial[(gl_WorkGroupID.z * row_count() + row) * quads + column] = sums;
}

void main() { gemm_block(gl_WorkGroupID.z * pixels_per_split, pixels_per_split); }
