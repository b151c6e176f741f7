#ifndef PUMICE_UNARY_GLSL
#define PUMICE_UNARY_GLSL

// C++ enum Unary: the functions of unary.comp. Functions that can be fused are in activation.glsl.
const uint kAffine = 0u;  // a·x + b
const uint kExp = 1u;
const uint kLog = 2u;
const uint kSqrt = 3u;
const uint kAbsolute = 4u;
const uint kClamp = 5u;  // to a … b

#endif
