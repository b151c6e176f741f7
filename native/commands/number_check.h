#pragma once

#include <functional>
#include <limits>
#include <string>

namespace pumice::commands {

/// For check() of an option: finite numbers from `least` to `most`. CLI::Range would accept NaN and
/// print its largest number in full.
std::function<std::string(const std::string&)> number_from(
    double least, double most = std::numeric_limits<double>::infinity());

}  // namespace pumice::commands
