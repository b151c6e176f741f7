#version 450
#include "kernel.glsl"
#include "gemm.glsl"
// C = activation(op(A)·op(B) + bias) by vec4s, for CPU drivers: a thread per block of 8 x 8.
#include "vectors.glsl"
#include "gemm_registers.glsl"

void main() { gemm_registers(); }
