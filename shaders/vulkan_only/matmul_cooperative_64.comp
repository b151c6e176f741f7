#version 450
#include "kernel.glsl"
#include "gemm.glsl"
// C = activation(op(A)·op(B) + bias) with cooperative matrices: a workgroup per 64 x 64 tile.
#define PUMICE_EDGE kSmallBlock
#include "gemm_cooperative.glsl"
#include "../matmul/blocks.glsl"
