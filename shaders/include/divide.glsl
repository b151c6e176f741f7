// The quotient and the remainder of a / b for a ≤ 2³⁰ and 0 < b ≤ 2³⁰: no buffer has more elements.
// CPU drivers divide integers lane by lane; going through floats takes a fraction of the time.
#ifndef PUMICE_DIVIDE_GLSL
#define PUMICE_DIVIDE_GLSL

uvec2 divided(uint a, uint b) {
    float inverse = 1.0 / float(b);
    int divisor = int(b);
    int quotient = int(float(a) * inverse);
    int rest = int(a) - quotient * divisor;
    // The first guess is off by a factor of 1e-6 or by one, the second by at most one.
    int correction = int(floor(float(rest) * inverse));
    quotient += correction;
    rest -= correction * divisor;
    int excess = int(rest >= divisor) - int(rest < 0);
    return uvec2(quotient + excess, rest - excess * divisor);
}

#endif
