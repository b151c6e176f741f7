#pragma once

#include <functional>
#include <limits>
#include <string>

namespace pumice::commands {

/// For check() of an option: finite numbers from `least` to `most`. CLI::Range would accept NaN and
/// print its largest number in full.
std::function<std::string(const std::string&)> number_from(
    double least, double most = std::numeric_limits<double>::infinity());

/// For check() of seeds: decimal digits, up to 2^63 - 1 as in recipes. CLI11 alone would take an
/// empty text for 0, and read octal and hexadecimal numbers.
std::string seed_check(const std::string& text);

}  // namespace pumice::commands
