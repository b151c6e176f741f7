#include "engine/base/count_of.h"

#include <fmt/format.h>

namespace pumice {

std::string count_of(uint64_t count, std::string_view noun, std::string_view plural) {
  if (count == 1 || !plural.empty()) return fmt::format("{} {}", count, count == 1 ? noun : plural);
  return fmt::format("{} {}s", count, noun);
}

}  // namespace pumice
