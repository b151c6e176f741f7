#version 450
#include "kernel.glsl"
#include "gemm.glsl"
#pragma cpu_form(none)
// C = activation(op(A)·op(B) + bias) in vec4s, for GPUs: a workgroup per 64 x 64 tile.
#define PUMICE_EDGE kSmallBlock
#include "gemm_block.glsl"
#include "blocks.glsl"
