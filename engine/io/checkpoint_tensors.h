#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

#include "engine/nn/parameters.h"

namespace pumice::io {

// Keys of a checkpoint's metadata that may be absent.
inline constexpr const char* kClassNames = "class_names";
inline constexpr const char* kData = "data";
inline constexpr const char* kDevice = "device";
inline constexpr const char* kTuning = "tuning";
inline constexpr const char* kProgram = "pumice";

/// Whether a tensor is needed to resume training alone.
inline bool is_state(std::string_view name) {
  return name.starts_with("optimizer.") || name.starts_with("train.");
}

/// Calls `visit` with each parameter in the buffer and the name of its tensor.
template <typename Visit>
void for_each_part(const std::string& prefix, const nn::Parameters& layout, bool trainable_only,
                   const Visit& visit) {
  for (const nn::Parameter& parameter : layout.list()) {
    if (parameter.trainable || !trainable_only) visit(parameter, prefix + parameter.name);
  }
}

/// The parameter's bytes in memory of its layout.
inline std::span<const std::byte> part_of(std::span<const std::byte> flat,
                                          const nn::Parameter& parameter) {
  return flat.subspan(parameter.byte_offset, parameter.shape.size() * sizeof(float));
}

/// Throws Error beginning with `where` for an f32 that is not finite: it makes training useless,
/// and samples are drawn with it.
void require_finite(std::string_view where, const std::string& name,
                    std::span<const std::byte> bytes);
/// Also for negative averages of squares, whose square root updates take.
void require_state(std::string_view where, const std::string& state, const std::string& name,
                   std::span<const std::byte> bytes);

}  // namespace pumice::io
