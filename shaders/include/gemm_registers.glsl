// GEMM core for CPU drivers without fast subgroups: each thread sums a block of 8 x 8 in registers,
// without barriers or shared memory, which are very slow there. On such a driver a load costs about
// ten times as much as a product (it is done lane by lane, with bounds checks), so large blocks pay
// off although their sums do not fit in the CPU's registers.
#ifndef PUMICE_GEMM_REGISTERS_GLSL
#define PUMICE_GEMM_REGISTERS_GLSL

// C++ constants: the tile of a workgroup, here and, with other shapes of threads, in
// matmul_scalar.comp and conv*_registers.comp.
const uint kRegistersRows = 16u;
const uint kRegistersColumns = 64u;

layout(local_size_x = kRegistersColumns / 8, local_size_y = kRegistersRows / 8) in;

uvec4 lines_of_a(uint row4);  // where the four lines of a block begin
uvec4 lines_of_b(uint column4);
uint stride_of_a();  // their stride per step of four elements along k
uint stride_of_b();
mat4 load_a(uvec4 lines);  // [r][d] = A[4·row4 + r][4·step + d]
mat4 load_b(uvec4 lines);  // [d][c] = B[4·step + d][4·column4 + c]
void store_row(uint row, uint column4, vec4 sums);

void store_block(uint row4, uint column4, mat4 sums) {
    if (column4 >= quarter(n)) return;
    [[unroll]] for (uint r = 0u; r < 4u; ++r) store_row(4u * row4 + r, column4, sums[r]);
}

void gemm_registers() {
    uint column4 = 2u * gl_GlobalInvocationID.x;
    uint row4 = 2u * gl_GlobalInvocationID.y;
    if (column4 >= quarter(n) || row4 >= quarter(m)) return;

    // Indices are advanced incrementally, because drivers' compilers would recompute them in the
    // loop. Blocks past the edges repeat the last one; store_block and store_row drop them.
    uvec4 at_upper = lines_of_a(row4), at_lower = lines_of_a(min(row4 + 1u, quarter(m) - 1u));
    uvec4 at_left = lines_of_b(column4), at_right = lines_of_b(min(column4 + 1u, quarter(n) - 1u));
    mat4 upper_left = mat4(0.0), upper_right = mat4(0.0);
    mat4 lower_left = mat4(0.0), lower_right = mat4(0.0);
    for (uint step = 0u; step < quarter(k); ++step) {
        mat4 left = load_b(at_left), right = load_b(at_right);
        mat4 upper = load_a(at_upper), lower = load_a(at_lower);
        upper_left += left * upper;
        upper_right += right * upper;
        lower_left += left * lower;
        lower_right += right * lower;
        at_upper += stride_of_a();
        at_lower += stride_of_a();
        at_left += stride_of_b();
        at_right += stride_of_b();
    }
    store_block(row4, column4, upper_left);
    store_block(row4, column4 + 1u, upper_right);
    store_block(row4 + 1u, column4, lower_left);
    store_block(row4 + 1u, column4 + 1u, lower_right);
}

#endif
