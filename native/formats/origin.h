#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "engine/base/generator.h"

namespace pumice::formats {

/// The comment in SVG and Markdown files.
inline constexpr std::string_view kComment = "<!-- Pumice -->";

/// Whether files with this extension carry the mark.
bool leaves_mark(const std::filesystem::path& file);

/// The first bytes of a file; empty if it does not exist.
std::string beginning_of(const std::filesystem::path& file, size_t bytes = 4096);

/// Whether the file begins with Pumice's mark.
bool was_written_by_pumice(const std::filesystem::path& file);

/// A PNG with the chunk that names its software (https://www.w3.org/TR/png-3/#11keywords).
std::string with_generator(const std::string& png);

}  // namespace pumice::formats
