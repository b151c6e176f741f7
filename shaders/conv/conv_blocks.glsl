// Loaders for convolutions with gemm_block.glsl. Terms run over the phase's taps and, within each,
// over the channels, a multiple of 4. The z of the workgroups runs over the splits of the terms and
// the phases of each; with several splits, y has partial sums [split, pixels, channels], which
// sum_terms.comp adds up.
IN(0, vec4, x);
IN(1, vec4, weight);
IN(2, vec4, operand);  // of the sums: see epilogue.glsl; any readable buffer if kOperand is 0
OUT(3, vec4, y);

uint phases() { return is_set(kTransposed) ? stride * stride : 1u; }
uint phase() { return gl_WorkGroupID.z % phases(); }

// A thread's state for its block. `lines`, for A: the input pixels at the first tap of four output
// pixels. For B, only x is used: the vec4 of channels.
ivec4 lines;
ivec4 corners;   // rows and columns of those pixels, 16 bits each
uint channel4;   // in x
uvec2 tap;       // column and row within the phase's taps
uvec2 taps;      // number of columns and rows of taps
uvec2 tap_origin;   // column and row in the kernel of the phase's first tap
uvec2 tap_spacing;  // distance of its taps in the kernel

void start(uint depth4, Axis rows, Axis columns) {
    taps = uvec2(max(columns.taps, 1u), columns.taps == 0u ? 0u : rows.taps);
    tap_origin = uvec2(columns.first_tap, rows.first_tap);
    tap_spacing = uvec2(columns.tap_spacing, rows.tap_spacing);
    uint number = depth4 / (in_channels / 4u);
    channel4 = depth4 % (in_channels / 4u);
    tap = uvec2(number % taps.x, number / taps.x);
}

// Advances by kDepth terms.
void advance() {
    uint quads = in_channels / 4u;
    channel4 += kDepth / 4u;
    [[unroll]] for (uint i = 0u; i < kDepth / 4u; ++i) {
        if (channel4 >= quads) {
            channel4 -= quads;
            tap.x += 1u;
            if (tap.x == taps.x) tap = uvec2(0u, tap.y + 1u);
        }
    }
}

void set_line(uint i, uint row, uint count, Axis rows, Axis columns) {
    Window window = window_of(min(row, count - 1u), rows, columns);
    lines[i] = int(window.image) + window.row * int(in_width) + window.column;
    corners[i] = (window.row << 16) | (window.column & 0xffff);
}

void start_a(uint row4, uint depth4) {
    Axis rows = rows_of(phase());
    Axis columns = columns_of(phase());
    start(depth4, rows, columns);
    uint count = max(batch * rows.count * columns.count, 1u);
    [[unroll]] for (uint i = 0u; i < 4u; ++i) set_line(i, 4u * row4 + i, count, rows, columns);
}

void start_b(uint depth4, uint column4) {
    start(depth4, rows_of(phase()), columns_of(phase()));
    lines.x = int(min(column4, out_channels / 4u - 1u));
}

vec4 x_at(int line, int corner, ivec2 shift, bool is_past) {
    ivec2 place = ivec2(corner >> 16, (corner << 16) >> 16) + shift;
    bool inside = !is_past && uint(place.x) < in_height && uint(place.y) < in_width;
    uint pixel = inside ? uint(line + shift.x * int(in_width) + shift.y) : 0u;
    vec4 value = x[pixel * (in_channels / 4u) + channel4];
    return inside ? value : vec4(0.0);
}

mat4 fetch_a() {
    bool is_past = tap.y >= taps.y;
    ivec2 shift = ivec2(tap.y, tap.x);
    if (is_set(kTransposed)) shift = -shift;
    mat4 block = transpose(mat4(x_at(lines.x, corners.x, shift, is_past),
                                x_at(lines.y, corners.y, shift, is_past),
                                x_at(lines.z, corners.z, shift, is_past),
                                x_at(lines.w, corners.w, shift, is_past)));
    advance();
    return block;
}

// Past the last term any weight will do, because A is zero there.
mat4 fetch_b() {
    uvec2 own = tap_origin + tap * tap_spacing;
    uint number = min(own.y * kernel_width + own.x, kernel_height * kernel_width - 1u);
    uint column4 = uint(lines.x);
    uint quads = (is_set(kTransposed) ? in_channels : out_channels) / 4u;
    uint at = is_set(kTransposed) ? (number * out_channels + 4u * column4) * quads + channel4
                                  : (number * in_channels + 4u * channel4) * quads + column4;
    mat4 block = mat4(weight[at], weight[at + quads], weight[at + 2u * quads],
                      weight[at + 3u * quads]);
    if (is_set(kTransposed)) block = transpose(block);
    advance();
    return block;
}

void store_row(uint row, uint column4, vec4 sums) {
    Axis rows = rows_of(phase());
    Axis columns = columns_of(phase());
    if (row >= batch * rows.count * columns.count || column4 >= out_channels / 4u) return;
    uint split = gl_WorkGroupID.z / phases();
    uint pixel = split * (batch * out_height * out_width) + window_of(row, rows, columns).pixel;
    uint at = pixel * (out_channels / 4u) + column4;
    COMPLETE(sums, column4, at)
    y[at] = sums;
}

void main() { gemm_block(gl_WorkGroupID.z / phases() * terms, terms); }
