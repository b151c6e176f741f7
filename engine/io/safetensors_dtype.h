#pragma once

#include <array>
#include <optional>
#include <string_view>
#include <utility>

#include "engine/base/dtype.h"

namespace pumice::io {

/// The names of our types in safetensors.
inline constexpr std::array<std::pair<DType, std::string_view>, 3> kSafetensorsTypes{{
    {DType::kF32, "F32"},
    {DType::kU32, "U32"},
    {DType::kU8, "U8"},
}};

constexpr std::string_view safetensors_name(DType type) {
  for (auto [known, name] : kSafetensorsTypes) {
    if (known == type) return name;
  }
  return "?";
}

constexpr std::optional<DType> from_safetensors_name(std::string_view name) {
  for (auto [type, known] : kSafetensorsTypes) {
    if (known == name) return type;
  }
  return std::nullopt;
}

}  // namespace pumice::io
