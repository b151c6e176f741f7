// Metal's vectors as the vector types of GCC and Clang. Lanes are subscripts: v[0]. float3 and
// uint3 have four lanes and leave the last unused. Comparisons give int vectors of 0 and -1,
// which serve as bool vectors.
#pragma once

#include <stddef.h>
#include <stdint.h>

#define SHADER inline __attribute__((always_inline))

namespace pumice::kernels::PUMICE_CPU_SET::metal {

typedef uint32_t uint;

#define PUMICE_VECTORS(T)                          \
  typedef T T##2 __attribute__((vector_size(8)));  \
  typedef T T##4 __attribute__((vector_size(16))); \
  typedef T##4 T##3;
PUMICE_VECTORS(float)
PUMICE_VECTORS(int)
PUMICE_VECTORS(uint)
#undef PUMICE_VECTORS
typedef int2 bool2;
typedef int4 bool3;
typedef int4 bool4;

template <class To, class From>
SHADER To as_type(From v) {
  return __builtin_bit_cast(To, v);
}

// Constructors: spv_make_float4(x, y, z, w), spv_make_float4(uint4), spv_make_float4(x) ...
#define PUMICE_CONVERT(T, N)                                                           \
  SHADER T##N spv_make_##T##N(float##N v) { return __builtin_convertvector(v, T##N); } \
  SHADER T##N spv_make_##T##N(int##N v) { return __builtin_convertvector(v, T##N); }   \
  SHADER T##N spv_make_##T##N(uint##N v) { return __builtin_convertvector(v, T##N); }
#define PUMICE_MAKE(T)                                                              \
  PUMICE_CONVERT(T, 2)                                                              \
  PUMICE_CONVERT(T, 4)                                                              \
  SHADER T##2 spv_make_##T##2(T x) { return T##2 {x, x}; }                          \
  SHADER T##4 spv_make_##T##4(T x) { return T##4 {x, x, x, x}; }                    \
  SHADER T##2 spv_make_##T##2(T x, T y) { return T##2 {x, y}; }                     \
  SHADER T##3 spv_make_##T##3(T x, T y, T z) { return T##3 {x, y, z, 0}; }          \
  SHADER T##4 spv_make_##T##4(T x, T y, T z, T w) { return T##4 {x, y, z, w}; }     \
  SHADER T##4 spv_make_##T##4(T##3 v, T w) { return T##4 {v[0], v[1], v[2], w}; }   \
  SHADER T##4 spv_make_##T##4(T x, T##3 v) { return T##4 {x, v[0], v[1], v[2]}; }   \
  SHADER T##4 spv_make_##T##4(T##2 v, T z, T w) { return T##4 {v[0], v[1], z, w}; } \
  SHADER T##4 spv_make_##T##4(T##2 a, T##2 b) { return T##4 {a[0], a[1], b[0], b[1]}; }
PUMICE_MAKE(float)
PUMICE_MAKE(int)
PUMICE_MAKE(uint)
#undef PUMICE_MAKE
#undef PUMICE_CONVERT
SHADER uint3 spv_make_uint3(uint x) { return spv_make_uint3(x, x, x); }
SHADER bool2 spv_make_bool2(bool x) { return bool2{-x, -x}; }
SHADER bool4 spv_make_bool4(bool x) { return bool4{-x, -x, -x, -x}; }
SHADER bool2 spv_make_bool2(bool x, bool y) { return bool2{-x, -y}; }
SHADER bool4 spv_make_bool4(bool x, bool y, bool z, bool w) { return bool4{-x, -y, -z, -w}; }

/// The lanes of a comparison as numbers: 1 where it holds.
SHADER int2 spv_ones(bool2 mask) { return mask & 1; }
SHADER int4 spv_ones(bool4 mask) { return mask & 1; }

SHADER bool any(bool v) { return v; }
SHADER bool all(bool v) { return v; }
SHADER bool any(bool2 v) { return (v[0] | v[1]) != 0; }
SHADER bool all(bool2 v) { return (v[0] & v[1]) != 0; }
SHADER bool any(bool4 v) { return (v[0] | v[1] | v[2] | v[3]) != 0; }
SHADER bool all(bool4 v) { return (v[0] & v[1] & v[2] & v[3]) != 0; }

/// v.xy is spv_lanes<0, 1>(v).
template <int X, int Y, class V>
SHADER auto spv_lanes(V v) {
  return __builtin_shufflevector(v, v, X, Y);
}
template <int X, int Y, int Z, class V>
SHADER V spv_lanes(V v) {
  return V{v[X], v[Y], v[Z], 0};
}
template <int X, int Y, int Z, int W, class V>
SHADER V spv_lanes(V v) {
  return __builtin_shufflevector(v, v, X, Y, Z, W);
}

/// An array of a shader.
template <class T, size_t N>
struct spvUnsafeArray {
  T elements[N ? N : 1];
  SHADER T& operator[](size_t i) { return elements[i]; }
  SHADER const T& operator[](size_t i) const { return elements[i]; }
};

}  // namespace pumice::kernels::PUMICE_CPU_SET::metal
