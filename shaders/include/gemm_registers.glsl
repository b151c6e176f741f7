// GEMM core for CPU drivers without fast subgroups: each thread sums a block of 4 x 4 in registers,
// with neither barriers nor shared memory, which are very slow there.
#ifndef PUMICE_GEMM_REGISTERS_GLSL
#define PUMICE_GEMM_REGISTERS_GLSL

layout(local_size_x = 16, local_size_y = 4) in;

mat4 load_a(uint row4, uint step);     // [r][d] = A[4·row4 + r][4·step + d]
mat4 load_b(uint step, uint column4);  // [d][c] = B[4·step + d][4·column4 + c]
void store_row(uint row, uint column4, vec4 sums);

void gemm_registers() {
    uint column4 = gl_GlobalInvocationID.x;
    uint row4 = gl_GlobalInvocationID.y;
    if (column4 >= quarter(n) || row4 >= quarter(m)) return;

    mat4 sums = mat4(0.0);
    for (uint step = 0u; step < quarter(k); ++step)
        sums += load_b(step, column4) * load_a(row4, step);

    [[unroll]] for (uint r = 0u; r < 4u; ++r) store_row(4u * row4 + r, column4, sums[r]);
}

#endif
