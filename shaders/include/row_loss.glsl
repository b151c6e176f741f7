// y[row] = the sum of a row's losses, one workgroup per row. The rows are whole vec4s. Threads of the
// padding's rows write zeros. The order is fixed, so the result repeats to the bit. The shader that
// includes this declares y.
#ifndef PUMICE_ROW_LOSS_GLSL
#define PUMICE_ROW_LOSS_GLSL
layout(local_size_x = 64) in;

// C++ constants: the threads of a row.
const uint kLossThreads = 64u;
const uint kLossStrands = 8u;  // that add up the threads' sums

PARAMS { uint rows; uint quads; };  // quads: vec4s of losses in a row

// The losses of a vec4 of a row. May also store their gradient.
vec4 row_loss(uint row, uint quad);

shared vec4 sums[kLossThreads];

// Adds every stride-th of `count` sums, from the one at `strand` on.
vec4 sum_of_strand(uint strand, uint count, uint stride) {
    vec4 sum = sums[strand];
    for (uint i = strand + stride; i < count; i += stride) sum += sums[i];
    return sum;
}

void main() {
    uint row = flat_group();
    uint thread = gl_LocalInvocationID.x;
    vec4 sum = vec4(0.0);
    if (row < rows) {
        for (uint quad = thread; quad < quads; quad += kLossThreads) sum += row_loss(row, quad);
    }
    sums[thread] = sum;
    barrier();
    if (thread < kLossStrands) sum = sum_of_strand(thread, kLossThreads, kLossStrands);
    barrier();
    if (thread < kLossStrands) sums[thread] = sum;
    barrier();
    if (thread != 0u || row >= (rows + 3u) / 4u * 4u) return;
    sum = sum_of_strand(0u, kLossStrands, 1u);
    y[row] = (sum.x + sum.y) + (sum.z + sum.w);
}

#endif
