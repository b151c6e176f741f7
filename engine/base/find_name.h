#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace pumice {

/// The index of `name` in `names`. If it is not there, throws Error, prefixed by `who` and listing
/// the names.
size_t find_name(std::string_view who, std::span<const std::string_view> names,
                 std::string_view name);

}  // namespace pumice
