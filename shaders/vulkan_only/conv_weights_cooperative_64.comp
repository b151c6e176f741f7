#version 450
#include "kernel.glsl"
#include "gemm.glsl"
// Partial sums of a convolution's weight gradient, with cooperative matrices: a workgroup per 64 x 64. Needs
// channels in multiples of 4.
#include "conv_weights.glsl"
#define PUMICE_EDGE kSmallBlock
#include "gemm_cooperative.glsl"
#include "../conv/conv_weights_blocks.glsl"
