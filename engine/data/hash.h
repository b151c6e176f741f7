#pragma once

#include <cstdint>
#include <string_view>

namespace pumice::data {

/// FNV-1a (Fowler, Noll, Vo), 64 bits: the same on every machine.
constexpr uint64_t hash(std::string_view text) {
  uint64_t value = 0xcbf29ce484222325;
  for (char c : text) value = (value ^ static_cast<uint8_t>(c)) * 0x100000001b3;
  return value;
}

}  // namespace pumice::data
