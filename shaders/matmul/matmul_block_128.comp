#version 450
#include "kernel.glsl"
#include "gemm.glsl"
#pragma cpu_form(none)
// C = activation(op(A)·op(B) + bias) in vec4s, for GPUs: a workgroup per 128 x 128 tile.
#define PUMICE_EDGE kLargeBlock
#include "gemm_block.glsl"
#include "blocks.glsl"
