#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace pumice {

/// The candidate that a mistyped `word` most likely meant: the one with the smallest edit distance,
/// if that is at most a third of the word's length. For "did you mean ...?".
std::optional<std::string> closest(std::string_view word, std::span<const std::string> candidates);

}  // namespace pumice
