// GEMM core for CPU drivers without fast subgroups: every thread sums a block of 4·kRowQuads rows
// x 4 columns in registers, with neither barriers nor shared memory, which are very slow there.
#ifndef PUMICE_GEMM_REGISTERS_GLSL
#define PUMICE_GEMM_REGISTERS_GLSL

#ifndef LX
#define LX 16
#define LY 4
#define RQ 1
#endif
layout(local_size_x = LX, local_size_y = LY) in;
const uint kRowQuads = RQ;

mat4 load_a(uint row4, uint step);     // [r][d] = A[4·row4 + r][4·step + d]
mat4 load_b(uint step, uint column4);  // [d][c] = B[4·step + d][4·column4 + c]
void store_row(uint row, uint column4, vec4 sums);

void gemm_registers() {
  uint column4 = gl_GlobalInvocationID.x;
  uint first_row4 = gl_GlobalInvocationID.y * kRowQuads;
  if (column4 >= quarter(n) || first_row4 >= quarter(m)) return;

  mat4 sums[kRowQuads];
  [[unroll]] for (uint q = 0u; q < kRowQuads; ++q) sums[q] = mat4(0.0);

  for (uint step = 0u; step < quarter(k); ++step) {
    mat4 b_rows = load_b(step, column4);
    [[unroll]] for (uint q = 0u; q < kRowQuads; ++q)
      sums[q] += b_rows * load_a(min(first_row4 + q, quarter(m) - 1u), step);
  }

  [[unroll]] for (uint q = 0u; q < kRowQuads; ++q)
    [[unroll]] for (uint r = 0u; r < 4u; ++r)
      store_row(4u * (first_row4 + q) + r, column4, sums[q][r]);
}

#endif
