#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>
#include <vector>

namespace pumice {

template <typename T>
concept PackedScalars = std::is_trivially_copyable_v<T> && sizeof(T) % 4 == 0 && alignof(T) == 4;

/// A kernel's params as the bytes of hal::Dispatch::params: `pack(kernels::SiluParams{.count =
/// 7})`.
template <PackedScalars T>
std::vector<std::byte> pack(const T& params) {
  std::vector<std::byte> bytes(sizeof(T));
  std::memcpy(bytes.data(), &params, sizeof(T));
  return bytes;
}

/// A kernel's specialization constants as the words of hal::Dispatch::constants.
template <PackedScalars T>
std::vector<uint32_t> pack_constants(const T& constants) {
  std::vector<uint32_t> words(sizeof(T) / 4);
  std::memcpy(words.data(), &constants, sizeof(T));
  return words;
}

}  // namespace pumice
