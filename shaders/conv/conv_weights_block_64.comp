#version 450
#include "kernel.glsl"
#include "gemm.glsl"
#pragma cpu_form(none)
// Partial sums of a convolution's weight gradient, for GPUs: a workgroup per 64 x 64. Needs
// channels in multiples of 4.
#include "conv_weights.glsl"
#define PUMICE_EDGE kSmallBlock
#include "gemm_block.glsl"
#include "conv_weights_blocks.glsl"
