#version 450
#include "kernel.glsl"
#include "gemm.glsl"
// y = activation(x * weight + bias), or its transpose, with cooperative matrices: a workgroup per 128 pixels x 128
// channels. Needs channels in multiples of 4. The weight of the transpose is [kh, kw, out, in]: B
// is transposed.
#define kTransposed kTransposeB
#define PUMICE_TERMS uint terms;
#define PUMICE_EDGE kLargeBlock
#include "conv.glsl"
#include "gemm_cooperative.glsl"
#include "../conv/conv_blocks.glsl"
