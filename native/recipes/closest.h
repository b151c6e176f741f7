#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pumice {

/// The candidate that a mistyped `word` most likely meant: the one with the fewest letters to
/// change, add or drop, if they are at most a third of the word. For "did you mean ...?".
std::optional<std::string> closest(std::string_view word, std::span<const std::string> candidates);

}  // namespace pumice
