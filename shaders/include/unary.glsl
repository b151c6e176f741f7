// The operations of unary.comp and of its gradient; ops/unary.cpp has the same list.
#ifndef PUMICE_UNARY_GLSL
#define PUMICE_UNARY_GLSL
const uint kAffine = 0u;     // a·x + b
const uint kExp = 1u;
const uint kLog = 2u;
const uint kSqrt = 3u;
const uint kRelu = 4u;
const uint kLeakyRelu = 5u;  // slope a below zero
const uint kTanh = 6u;
const uint kSigmoid = 7u;
const uint kSoftplus = 8u;
const uint kAbsolute = 9u;
const uint kClamp = 10u;     // to a … b
#endif
