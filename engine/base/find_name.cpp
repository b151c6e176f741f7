#include "engine/base/find_name.h"

#include <fmt/ranges.h>

#include <algorithm>

#include "engine/base/require.h"

namespace pumice {

size_t find_name(std::string_view who, std::span<const std::string_view> names,
                 std::string_view name) {
  const auto found = std::find(names.begin(), names.end(), name);
  if (found != names.end()) return static_cast<size_t>(found - names.begin());
  fail("{}: expects one of {}, got '{}'", who, fmt::join(names, ", "), name);
}

}  // namespace pumice
