// What happens to a sum of products before it is stored, selected by specialization constants. In
// browsers, where shaders should be small, kDerivative is only for shaders that define
// PUMICE_DERIVATIVE.
#ifndef PUMICE_EPILOGUE_GLSL
#define PUMICE_EPILOGUE_GLSL
#include "activation.glsl"

// C++ enum SumOperand: what is done to the sum with the operand.
const uint kUnused = 0u;
const uint kBias = 1u;        // [columns]: activation(sum + bias)
const uint kDerivative = 2u;  // v, as the sums: sum · activation'(v), see activation.glsl

layout(constant_id = 1) const uint kOperand = 0u;

bool has_operand() { return kOperand != kUnused; }

vec4 completed(vec4 sum, vec4 operand, float slope) {
#if !defined(PUMICE_WEB) || defined(PUMICE_DERIVATIVE)
    if (kOperand == kDerivative) return sum * activation_derivative(operand, slope);
#endif
    if (kOperand == kBias) sum += operand;
    return activate(sum, slope);
}

// Where the operand of a sum is: in its column, or in the place of the sum.
#ifdef PUMICE_WEB
uint operand_place(uint column, uint place) { return column; }
#else
uint operand_place(uint column, uint place) { return kOperand == kDerivative ? place : column; }
#endif

#endif
