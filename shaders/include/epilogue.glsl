// What happens to a sum of products before it is stored, selected by specialization constants. Not
// kDerivative in browsers, where shaders should be small.
#ifndef PUMICE_EPILOGUE_GLSL
#define PUMICE_EPILOGUE_GLSL
#include "activation.glsl"

// C++ enum SumOperand: what is done to the sum with the operand.
const uint kUnused = 0u;
const uint kBias = 1u;        // [columns]: activation(sum + bias)
const uint kDerivative = 2u;  // v, as the sums: sum · activation'(v), see activation.glsl

layout(constant_id = 1) const uint kOperand = 0u;

// A function, because naga rejects expressions of specialization constants (OpSpecConstantOp) but
// accepts calls with them.
bool is_set(uint constant) { return constant != 0u; }

#ifdef PUMICE_WEB
// The operand of the sum at `place`, in a column, from the buffer `operand`.
#define OPERAND(column, place) operand[column]
// Completes `sum`, with the params' slope.
#define COMPLETE(sum, column, place)                       \
    if (is_set(kOperand)) sum += OPERAND(column, place);   \
    sum = activate(sum, slope);
vec4 completed(vec4 sum, vec4 own, float slope) { return activate(sum + own, slope); }
#else
#define OPERAND(column, place) operand[kOperand == kDerivative ? (place) : (column)]
#define COMPLETE(sum, column, place)                                  \
    {                                                                 \
        vec4 own = vec4(0.0);                                         \
        if (is_set(kOperand)) own = OPERAND(column, place);           \
        sum = completed(sum, own, slope);                             \
    }
vec4 completed(vec4 sum, vec4 own, float slope) {
    if (kOperand == kDerivative) return sum * activation_derivative(own, slope);
    if (kOperand == kBias) sum += own;
    return activate(sum, slope);
}
#endif

#endif
