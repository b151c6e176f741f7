#version 450
#include "kernel.glsl"
#include "gemm.glsl"
#pragma cpu_form(none)
// C = activation(op(A)·op(B) + bias) of any size, for GPUs: a workgroup per 64 x 64 tile. The terms
// may be split among the workgroups' z, which write partial sums: see blocks.glsl.
#define PUMICE_SPLITS
#include "matrix_elements.glsl"
#include "gemm_tile.glsl"

void main() { gemm_tile(gl_WorkGroupID.z * terms, terms); }
