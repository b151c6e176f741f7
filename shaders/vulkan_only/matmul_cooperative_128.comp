#version 450
#include "kernel.glsl"
#include "gemm.glsl"
// C = activation(op(A)·op(B) + bias) with cooperative matrices: a workgroup per 128 x 128 tile.
#define PUMICE_EDGE kLargeBlock
#include "gemm_cooperative.glsl"
#include "../matmul/blocks.glsl"
