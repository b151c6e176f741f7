// What square_sums.comp does, for vec4s that X(i) gives.
#ifndef PUMICE_SQUARE_SUMS_GLSL
#define PUMICE_SQUARE_SUMS_GLSL
OUT(1, float, sums);
PARAMS { uint count; uint threads; };
void main() {
    uint t = flat_id();
    if (t >= threads) return;
    vec4 total = vec4(0.0);
    for (uint i = t; 4u * i < count; i += threads) total += X(i) * X(i);
    sums[t] = (total.x + total.y) + (total.z + total.w);
}
#endif
