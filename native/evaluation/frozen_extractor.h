#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace pumice {

/// The file extractors/<name>.safetensors, embedded when the program was built: all users measure
/// with the same network. Empty if there is none of that name.
std::span<const std::byte> frozen_extractor(std::string_view name);

}  // namespace pumice
