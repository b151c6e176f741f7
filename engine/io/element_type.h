#pragma once

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

namespace pumice::io {

/// Element types of tensors in files. Parameters in f16 become f32 when they are read.
enum class ElementType : uint8_t { kF32, kU32, kU8, kF16 };

/// Their sizes and names: for messages, and in safetensors.
struct ElementFacts {
  ElementType type;
  uint64_t bytes;
  std::string_view name;
  std::string_view safetensors;
};

inline constexpr std::array<ElementFacts, 4> kElementFacts{{
    {ElementType::kF32, 4, "f32", "F32"},
    {ElementType::kU32, 4, "u32", "U32"},
    {ElementType::kU8, 1, "u8", "U8"},
    {ElementType::kF16, 2, "f16", "F16"},
}};

constexpr const ElementFacts& facts(ElementType type) {
  return kElementFacts[static_cast<size_t>(type)];
}

constexpr uint64_t byte_size(ElementType type) { return facts(type).bytes; }

constexpr std::optional<ElementType> from_safetensors_name(std::string_view name) {
  for (const ElementFacts& known : kElementFacts) {
    if (known.safetensors == name) return known.type;
  }
  return std::nullopt;
}

}  // namespace pumice::io

template <>
struct fmt::formatter<pumice::io::ElementType> : fmt::formatter<std::string_view> {
  auto format(pumice::io::ElementType type, fmt::format_context& context) const {
    return fmt::formatter<std::string_view>::format(pumice::io::facts(type).name, context);
  }
};
