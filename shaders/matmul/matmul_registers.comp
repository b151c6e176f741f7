#version 450
#include "kernel.glsl"
#include "gemm.glsl"
// C = activation(op(A)·op(B) + bias) in vec4s, for CPU drivers: a thread per 8 x 8 block.
#include "vectors.glsl"
#include "gemm_registers.glsl"

void main() { gemm_registers(); }
