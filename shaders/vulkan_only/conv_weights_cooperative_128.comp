#version 450
#include "kernel.glsl"
#include "gemm.glsl"
// Partial sums of a convolution's weight gradient, with cooperative matrices: a workgroup per 128 x 128. Needs
// channels in multiples of 4.
#include "conv_weights.glsl"
#define PUMICE_EDGE kLargeBlock
#include "gemm_cooperative.glsl"
#include "../conv/conv_weights_blocks.glsl"
