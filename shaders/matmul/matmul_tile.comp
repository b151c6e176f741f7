#version 450
#include "kernel.glsl"
#include "gemm.glsl"
// C = activation(op(A)·op(B) + bias) of any size, for GPUs: a workgroup per tile of 64 x 64.
#include "elements.glsl"
#include "gemm_tile.glsl"

void main() { gemm_tile(k); }
