#pragma once

#include <span>
#include <string>

namespace pumice {

/// "a, b or c".
std::string or_list(std::span<const std::string> items);

}  // namespace pumice
