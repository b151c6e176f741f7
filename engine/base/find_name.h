#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace pumice {

/// The index of `name` in `names`. Throws Error, in the name of `who` and listing them, when it is
/// not there.
size_t find_name(std::string_view who, std::span<const std::string_view> names,
                 std::string_view name);

}  // namespace pumice
