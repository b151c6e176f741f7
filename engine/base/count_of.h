#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace pumice {

/// "1 run", "2 runs"; `plural` if it is not the noun plus "s" ("1 class", "2 classes").
std::string count_of(uint64_t count, std::string_view noun, std::string_view plural = {});

}  // namespace pumice
