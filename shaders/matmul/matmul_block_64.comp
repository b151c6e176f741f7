#version 450
#include "kernel.glsl"
#include "gemm.glsl"
// C = activation(op(A)·op(B) + bias) by vec4s, for GPUs: a workgroup per tile of 64 x 64.
#define PUMICE_EDGE kSmallBlock
#include "gemm_block.glsl"
#include "blocks.glsl"
