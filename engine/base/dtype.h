#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <string_view>

namespace pumice {

/// Element types of tensors. Shaders read kU8 as packed 32-bit words.
enum class DType : uint8_t { kF32, kU32, kU8 };

constexpr uint64_t byte_size(DType type) { return type == DType::kU8 ? 1 : 4; }

constexpr std::string_view name(DType type) {
  switch (type) {
    case DType::kF32:
      return "f32";
    case DType::kU32:
      return "u32";
    case DType::kU8:
      return "u8";
  }
  return "?";
}

}  // namespace pumice

template <>
struct fmt::formatter<pumice::DType> : fmt::formatter<std::string_view> {
  auto format(pumice::DType type, fmt::format_context& context) const {
    return fmt::formatter<std::string_view>::format(pumice::name(type), context);
  }
};
