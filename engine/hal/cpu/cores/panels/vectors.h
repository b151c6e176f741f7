#pragma once

#include <stdint.h>

/// For the cores written by hand. Each source is compiled once per instruction set, in the
/// namespace PUMICE_CPU_SET; nothing that the linker could share between the sets may be used,
/// which includes inline functions and templates of the standard library.
#define PUMICE_CORE inline __attribute__((always_inline))

/// Before a loop whose variables must be in registers.
#ifdef __clang__
#define PUMICE_UNROLL _Pragma("clang loop unroll(full)")
#else
#define PUMICE_UNROLL _Pragma("GCC unroll 16")
#endif

namespace pumice::kernels::PUMICE_CPU_SET::cores {

// kWidth: floats in a vector. kRows and kVectors: a block of sums, in rows and vectors, that fits
// in the registers with a row of B and an element of A.
#if defined(__AVX512F__)
constexpr int kWidth = 16, kRows = 12, kVectors = 2;
#elif defined(__AVX2__) && defined(__FMA__)
constexpr int kWidth = 8, kRows = 6, kVectors = 2;
#elif defined(__aarch64__)
constexpr int kWidth = 4, kRows = 8, kVectors = 3;
#elif defined(__wasm__)
constexpr int kWidth = 4, kRows = 4, kVectors = 2;
#else
constexpr int kWidth = 4, kRows = 3, kVectors = 3;
#endif
constexpr int kColumns = kWidth * kVectors;
// For products with few rows: rows at a time, with four columns, and columns at a time if there is
// one row. WebAssembly reads one line of memory much faster than several by turns.
#if defined(__AVX512F__) || defined(__aarch64__)
constexpr int kRowsAtOnce = 4, kColumnsOfOneRow = 4;
#elif defined(__wasm__)
constexpr int kRowsAtOnce = 2, kColumnsOfOneRow = 1;
#else
constexpr int kRowsAtOnce = 2, kColumnsOfOneRow = 4;
#endif

typedef float Vector __attribute__((vector_size(4 * kWidth)));
typedef float Quad __attribute__((vector_size(16)));

/// Any vector type, from floats at any address.
template <class V>
PUMICE_CORE V load(const float* from) {
  V v;
  __builtin_memcpy(&v, from, sizeof v);
  return v;
}

template <class V>
PUMICE_CORE void store(float* to, V v) {
  __builtin_memcpy(to, &v, sizeof v);
}

PUMICE_CORE Vector splat(float x) { return x - Vector{}; }

/// a · b + c, rounded once where the processor can.
PUMICE_CORE Vector multiply_add(Vector a, Vector b, Vector c) { return a * b + c; }

/// In short loops over memory, which GCC would replace by calls of memcpy or memset.
PUMICE_CORE void keep_loop() { asm volatile(""); }

PUMICE_CORE void copy(const float* from, uint32_t count, float* to) {
  uint32_t i = 0;
  for (; i + kWidth <= count; i += kWidth) keep_loop(), store(to + i, load<Vector>(from + i));
  for (; i + 4 <= count; i += 4) keep_loop(), store(to + i, load<Quad>(from + i));
  for (; i < count; ++i) keep_loop(), to[i] = from[i];
}

/// Prefetches the whole cache lines of `count` floats that begin `ahead` floats after `from`. They
/// may be past the end of a tensor.
PUMICE_CORE void prefetch(const float* from, size_t ahead, uint32_t count) {
  constexpr uint32_t kLine = 64 / sizeof(float);
  const uintptr_t begin = uintptr_t(from) + ahead * sizeof(float);
  for (uint32_t i = 0; i + kLine <= count; i += kLine) {
    // NOLINTNEXTLINE(performance-no-int-to-ptr)
    __builtin_prefetch(reinterpret_cast<const void*>(begin + i * sizeof(float)));
  }
}

PUMICE_CORE void clear(uint32_t count, float* to) {
  uint32_t i = 0;
  for (; i + 4 <= count; i += 4) keep_loop(), store(to + i, Quad{});
  for (; i < count; ++i) keep_loop(), to[i] = 0;
}

PUMICE_CORE void add(const float* from, uint32_t count, float* to) {
  uint32_t i = 0;
  for (; i + 4 <= count; i += 4) store(to + i, load<Quad>(to + i) + load<Quad>(from + i));
  for (; i < count; ++i) to[i] += from[i];
}

PUMICE_CORE uint32_t smaller(uint32_t a, uint32_t b) { return a < b ? a : b; }
PUMICE_CORE uint32_t groups_of(uint32_t size, uint32_t count) { return (count + size - 1) / size; }
PUMICE_CORE uint32_t fours(uint32_t count) { return groups_of(4, count) * 4; }

}  // namespace pumice::kernels::PUMICE_CPU_SET::cores
