#include "native/commands/number_check.h"

#include <fmt/format.h>

#include <charconv>
#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <limits>

namespace pumice::commands {

std::function<std::string(const std::string&)> number_from(double least, double most) {
  return [least, most](const std::string& text) {
    char* end = nullptr;
    const double number = std::strtod(text.c_str(), &end);
    const bool is_number = !text.empty() && *end == '\0' && std::isfinite(number);
    if (is_number && number >= least && number <= most) return std::string();
    const std::string wanted = std::isinf(most) ? fmt::format("of {} or more", least)
                                                : fmt::format("from {} to {}", least, most);
    return fmt::format("expected a number {}, found '{}'", wanted, text);
  };
}

std::string seed_check(const std::string& text) {
  constexpr uint64_t kMost = std::numeric_limits<int64_t>::max();
  uint64_t seed = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), seed);
  const bool is_plain = error == std::errc{} && end == text.data() + text.size() &&
                        (text.size() == 1 || text.front() != '0');
  if (is_plain && seed <= kMost) return "";
  return fmt::format("expected a whole number from 0 to {}, got '{}'", kMost, text);
}

}  // namespace pumice::commands
