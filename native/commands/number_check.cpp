#include "native/commands/number_check.h"

#include <fmt/format.h>

#include <cmath>
#include <cstdlib>

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

}  // namespace pumice::commands
