#pragma once

#include <cstddef>
#include <cstdint>

namespace pumice {

/// The big-endian number in the four bytes starting at bytes[at], as IDX and PNG files store them.
/// `bytes`: a string or a vector of at least at + 4 bytes.
template <typename Bytes>
constexpr uint32_t big_endian_at(const Bytes& bytes, size_t at) {
  uint32_t value = 0;
  for (size_t i = at; i < at + 4; ++i) value = value << 8 | static_cast<uint8_t>(bytes[i]);
  return value;
}

}  // namespace pumice
