// Counter-based random numbers by Philox 4×32-10 (Salmon, Moraes, Dror, Shaw: "Parallel random
// numbers: as easy as 1, 2, 3", SC 2011). The same counter and key give the same bits on every
// device.
#ifndef PUMICE_RANDOM_GLSL
#define PUMICE_RANDOM_GLSL

// High word of a 32×32-bit product.
#ifdef PUMICE_WEB
// From 16-bit halves: umulExtended has no WGSL equivalent.
uint multiply_high(uint a, uint b) {
    uint a_low = a & 0xffffu, a_high = a >> 16, b_low = b & 0xffffu, b_high = b >> 16;
    uint middle = a_high * b_low + ((a_low * b_low) >> 16);
    uint carry = a_low * b_high + (middle & 0xffffu);
    return a_high * b_high + (middle >> 16) + (carry >> 16);
}
#else
uint multiply_high(uint a, uint b) {
    uint high, low;
    umulExtended(a, b, high, low);
    return high;
}
#endif

uvec4 philox(uvec4 counter, uvec2 key) {
    for (uint round = 0u; round < 10u; ++round) {
        uint high0 = multiply_high(0xD2511F53u, counter.x), low0 = 0xD2511F53u * counter.x;
        uint high1 = multiply_high(0xCD9E8D57u, counter.z), low1 = 0xCD9E8D57u * counter.z;
        counter = uvec4(high1 ^ counter.y ^ key.x, low1, high0 ^ counter.w ^ key.y, low0);
        key += uvec2(0x9E3779B9u, 0xBB67AE85u);
    }
    return counter;
}

// Four of the eight lanes of a and b, from a[lanes] on; `lanes` is 1, 2 or 3.
uvec4 skip_lanes(uvec4 a, uvec4 b, uint lanes) {
    if (lanes == 1u) return uvec4(a.yzw, b.x);
    return lanes == 2u ? uvec4(a.zw, b.xy) : uvec4(a.w, b.xyz);
}

// 24 bits: every value is exact in f32. [0, 1)
vec4 uniforms(uvec4 bits) { return vec4(bits >> 8) * (1.0 / 16777216.0); }

// Natural logarithm of a normal x > 0, within 2 ULP; Vulkan allows a driver's log an error of 2⁻²¹
// near one.
float natural_log(float x) {
    uint bits = floatBitsToUint(x) - 0x3f3504f3u;  // the exponent, with the mantissa in [√½, √2)
    int exponent = int(bits) >> 23;
    float m = uintBitsToFloat((bits & 0x007fffffu) + 0x3f3504f3u);
    float s = (m - 1.0) / (m + 1.0);
    float z = s * s;
    float series = z * (1.0 / 3.0 + z * (1.0 / 5.0 + z * (1.0 / 7.0 + z * (1.0 / 9.0))));
    return float(exponent) * 0.69314718 + 2.0 * (s + s * series);
}

// (cos, sin) of 2π·turn, 0 <= turn < 1. Vulkan allows a driver's sin an error of 2⁻¹¹.
vec2 unit_circle(float turn) {
    float quarter = floor(turn * 4.0 + 0.5);
    float a = (turn * 4.0 - quarter) * 1.57079633;  // within ±π/4
    float z = a * a;
    float s = a * (1.0 - z * (1.0 / 6.0 - z * (1.0 / 120.0 - z * (1.0 / 5040.0 - z / 362880.0))));
    float c = 1.0 - z * (0.5 - z * (1.0 / 24.0 - z * (1.0 / 720.0 - z / 40320.0)));
    uint q = uint(quarter) & 3u;
    vec2 r = (q & 1u) == 0u ? vec2(c, s) : vec2(-s, c);
    return (q & 2u) == 0u ? r : -r;
}

// Two standard normals from two uniforms (Box and Muller, 1958).
vec2 normal_pair(float u, float v) {
    float radius = sqrt(max(-2.0 * natural_log(1.0 - u), 0.0));  // 1 - u is in (0, 1]
    return radius * unit_circle(v);
}

vec4 normals(uvec4 bits) {
    vec4 u = uniforms(bits);
    return vec4(normal_pair(u.x, u.y), normal_pair(u.z, u.w));
}
#endif
