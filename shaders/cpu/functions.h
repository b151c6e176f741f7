// The functions of Metal's library that the kernels use. Exponentials and logarithms are the
// polynomials of Cephes (S. Moshier), within two units in the last place.
#pragma once

#include "shaders/cpu/vectors.h"

namespace pumice::kernels::PUMICE_CPU_SET::metal {

#define PUMICE_CHOOSE(T)                           \
  SHADER T min(T a, T b) { return b < a ? b : a; } \
  SHADER T max(T a, T b) { return a < b ? b : a; } \
  SHADER T clamp(T v, T low, T high) { return min(max(v, low), high); }
PUMICE_CHOOSE(float)
PUMICE_CHOOSE(int)
PUMICE_CHOOSE(uint)
PUMICE_CHOOSE(float2)
PUMICE_CHOOSE(int2)
PUMICE_CHOOSE(uint2)
PUMICE_CHOOSE(float4)
PUMICE_CHOOSE(int4)
PUMICE_CHOOSE(uint4)
#undef PUMICE_CHOOSE

/// `b` where the condition holds, otherwise `a`.
template <class V, class Mask>
SHADER V select(V a, V b, Mask condition) {
  return condition ? b : a;
}

/// Replaces that of divide.glsl: drivers divide integers lane by lane, a processor at once.
SHADER uint2 divided(uint a, uint b) { return uint2{a / b, a % b}; }

SHADER uint mulhi(uint a, uint b) { return static_cast<uint>((uint64_t{a} * b) >> 32); }

SHADER float abs(float v) { return __builtin_fabsf(v); }
SHADER float2 abs(float2 v) { return as_type<float2>(as_type<int2>(v) & 0x7fffffff); }
SHADER float4 abs(float4 v) { return as_type<float4>(as_type<int4>(v) & 0x7fffffff); }
SHADER float floor(float v) { return __builtin_floorf(v); }
SHADER float ceil(float v) { return __builtin_ceilf(v); }
SHADER float sqrt(float v) { return __builtin_sqrtf(v); }
SHADER float rsqrt(float v) { return 1.0f / sqrt(v); }
SHADER float fract(float v) { return v - floor(v); }

#define PUMICE_EACH_LANE(f) \
  SHADER float4 f(float4 v) { return float4{f(v[0]), f(v[1]), f(v[2]), f(v[3])}; }
PUMICE_EACH_LANE(floor)
PUMICE_EACH_LANE(ceil)
PUMICE_EACH_LANE(sqrt)
#undef PUMICE_EACH_LANE
SHADER float4 rsqrt(float4 v) { return 1.0f / sqrt(v); }
SHADER float4 fract(float4 v) { return v - floor(v); }

SHADER float dot(float2 a, float2 b) { return a[0] * b[0] + a[1] * b[1]; }
SHADER float dot(float4 a, float4 b) {
  const float4 products = a * b;
  return products[0] + products[1] + products[2] + products[3];
}

SHADER float4 exp(float4 v) {
  const float4 bounded = min(max(v, spv_make_float4(-104.0f)), spv_make_float4(90.0f));
  const float4 n = floor(bounded * 1.44269504f + 0.5f);
  const float4 r = (bounded - n * 0.693359375f) + n * 2.12194440e-4f;
  float4 p = r * 1.9875691500e-4f + 1.3981999507e-3f;
  p = p * r + 8.3334519073e-3f;
  p = p * r + 4.1665795894e-2f;
  p = p * r + 1.6666665459e-1f;
  p = p * r + 5.0000001201e-1f;
  p = p * r * r + r + 1.0f;
  // Two factors, because 2^n itself may overflow or be subnormal.
  const int4 exponent = __builtin_convertvector(n, int4);
  const int4 half = exponent >> 1;
  const float4 power =
      p * as_type<float4>((half + 127) << 23) * as_type<float4>((exponent - half + 127) << 23);
  return v != v ? v : power;
}

SHADER float4 log(float4 v) {
  // v = 2^n (1 + m), with 1 + m between the square roots of 1/2 and 2.
  const int4 bits = as_type<int4>(v) - 0x3f3504f3;
  const float4 n = __builtin_convertvector(bits >> 23, float4);
  const float4 m = as_type<float4>((bits & 0x007fffff) + 0x3f3504f3) - 1.0f;
  const float4 square = m * m;
  float4 p = m * 7.0376836292e-2f - 1.1514610310e-1f;
  p = p * m + 1.1676998740e-1f;
  p = p * m - 1.2420140846e-1f;
  p = p * m + 1.4249322787e-1f;
  p = p * m - 1.6668057665e-1f;
  p = p * m + 2.0000714765e-1f;
  p = p * m - 2.4999993993e-1f;
  p = p * m + 3.3333331174e-1f;
  const float4 series = m * square * p - n * 2.12194440e-4f - square * 0.5f;
  const float4 infinity = spv_make_float4(__builtin_inff()), zero = spv_make_float4(0.0f);
  float4 result = (m + series) + n * 0.693359375f;
  result = v == infinity ? infinity : result;
  result = v == zero ? -infinity : result;
  return v >= zero ? result : spv_make_float4(__builtin_nanf(""));
}

SHADER float exp(float v) { return exp(spv_make_float4(v))[0]; }
SHADER float log(float v) { return log(spv_make_float4(v))[0]; }
SHADER float powr(float base, float exponent) { return exp(exponent * log(base)); }
SHADER float pow(float base, float exponent) { return powr(base, exponent); }

/// A matrix of four columns.
struct float4x4 {
  float4 columns[4];
  SHADER float4x4() {}
  SHADER float4x4(float4 a, float4 b, float4 c, float4 d) : columns{a, b, c, d} {}
  SHADER float4& operator[](size_t i) { return columns[i]; }
  SHADER const float4& operator[](size_t i) const { return columns[i]; }
};

SHADER float4 operator*(const float4x4& m, float4 v) {
  return m[0] * v[0] + m[1] * v[1] + m[2] * v[2] + m[3] * v[3];
}
SHADER float4x4 operator*(const float4x4& a, const float4x4& b) {
  return {a * b[0], a * b[1], a * b[2], a * b[3]};
}
SHADER float4x4 operator+(const float4x4& a, const float4x4& b) {
  return {a[0] + b[0], a[1] + b[1], a[2] + b[2], a[3] + b[3]};
}
SHADER float4x4& operator+=(float4x4& a, const float4x4& b) { return a = a + b; }
SHADER float4x4 transpose(const float4x4& m) {
  const float4 a = __builtin_shufflevector(m[0], m[1], 0, 4, 1, 5);
  const float4 b = __builtin_shufflevector(m[0], m[1], 2, 6, 3, 7);
  const float4 c = __builtin_shufflevector(m[2], m[3], 0, 4, 1, 5);
  const float4 d = __builtin_shufflevector(m[2], m[3], 2, 6, 3, 7);
  return {__builtin_shufflevector(a, c, 0, 1, 4, 5), __builtin_shufflevector(a, c, 2, 3, 6, 7),
          __builtin_shufflevector(b, d, 0, 1, 4, 5), __builtin_shufflevector(b, d, 2, 3, 6, 7)};
}

}  // namespace pumice::kernels::PUMICE_CPU_SET::metal
