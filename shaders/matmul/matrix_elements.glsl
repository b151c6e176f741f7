// Bindings and loaders of matrix multiplication for kernels that accept any size.
IN(0, float, a);
IN(1, float, b);
IN(2, float, operand);  // of the sums: see epilogue.glsl; any readable buffer if kOperand is 0
OUT(3, float, c);
#ifdef PUMICE_SPLITS
PARAMS { uint m; uint n; uint k; float slope; uint terms; };
uint first_of_c() { return gl_WorkGroupID.z * 4u * quarter(m * n); }
#else
PARAMS { uint m; uint n; uint k; float slope; };
uint first_of_c() { return 0u; }
#endif

// Elements past the edges are zero. Their loads are clamped to the buffer rather than skipped: a
// branch around each load is slower.
float a_at(uint row, uint depth) {
    uint safe_row = min(row, m - 1u);
    uint safe_depth = min(depth, k - 1u);
    float value = a[is_set(kTransposeA) ? safe_depth * m + safe_row : safe_row * k + safe_depth];
    return mix(0.0, value, row < m && depth < k);
}

float b_at(uint depth, uint column) {
    uint safe_depth = min(depth, k - 1u);
    uint safe_column = min(column, n - 1u);
    float value =
        b[is_set(kTransposeB) ? safe_column * k + safe_depth : safe_depth * n + safe_column];
    return mix(0.0, value, depth < k && column < n);
}

vec4 load_a(uint row4, uint depth) {
    uint row = 4u * row4;
    return vec4(a_at(row, depth), a_at(row + 1u, depth), a_at(row + 2u, depth),
                a_at(row + 3u, depth));
}

vec4 load_b(uint depth, uint column4) {
    uint column = 4u * column4;
    return vec4(b_at(depth, column), b_at(depth, column + 1u), b_at(depth, column + 2u),
                b_at(depth, column + 3u));
}

void store_row(uint row, uint column4, vec4 sums) {
    if (row >= m) return;
    uvec4 column = 4u * column4 + uvec4(0u, 1u, 2u, 3u);
    vec4 own = vec4(0.0);
    if (is_set(kOperand)) {
        uvec4 safe = min(column, n - 1u);
        uvec4 place = row * n + safe;
        own = vec4(OPERAND(safe.x, place.x), OPERAND(safe.y, place.y), OPERAND(safe.z, place.z),
                   OPERAND(safe.w, place.w));
    }
    sums = completed(sums, own, slope);
    for (uint i = 0u; i < 4u; ++i)
        if (column[i] < n) c[first_of_c() + row * n + column[i]] = sums[i];
    // The thread of C's last element also writes the zeros that pad C to whole vec4s.
    if (row == m - 1u && column4 == quarter(n) - 1u)
        for (uint i = m * n; i < 4u * quarter(m * n); ++i) c[first_of_c() + i] = 0.0;
}
