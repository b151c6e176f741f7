#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>
#include <string_view>

namespace pumice {

/// FNV-1a (Fowler, Noll, Vo), 64 bits, identical on every machine. Its low bits are poor: similar
/// texts often share them. See mixed().
constexpr uint64_t hash(std::string_view text) {
  uint64_t value = 0xcbf29ce484222325;
  for (char c : text) value = (value ^ static_cast<uint8_t>(c)) * 0x100000001b3;
  return value;
}

/// A bijection in which every bit of the result depends on every bit of the value: the finalizer of
/// SplitMix64 (Steele, Lea, Flood: https://doi.org/10.1145/2660193.2660195).
constexpr uint64_t mixed(uint64_t value) {
  value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
  value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
  return value ^ (value >> 31);
}

/// Extends the hash of a sequence by `next`.
constexpr uint64_t extended(uint64_t value, uint64_t next) {
  return mixed(value ^ next) + 0x9e3779b97f4a7c15;
}

/// A hash of a long byte sequence, eight bytes at a time.
inline uint64_t digest(std::span<const std::byte> bytes) {
  uint64_t value = bytes.size();
  while (!bytes.empty()) {
    uint64_t word = 0;
    const size_t count = bytes.size() < sizeof(word) ? bytes.size() : sizeof(word);
    std::memcpy(&word, bytes.data(), count);
    value = extended(value, word);
    bytes = bytes.subspan(count);
  }
  return mixed(value);
}

}  // namespace pumice
