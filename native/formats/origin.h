#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace pumice::formats {

/// The name that Pumice leaves in the files it writes, so that it can tell them from other
/// people's: a text chunk "Software" of PNGs, a comment of GIFs, <meta name="generator"> of pages,
/// the key "generator" of JSON files.
inline constexpr std::string_view kGenerator = "Pumice";

/// The comment of SVGs and Markdown.
inline constexpr std::string_view kComment = "<!-- Pumice -->";

/// Whether files of this name carry the mark.
bool leaves_mark(const std::filesystem::path& file);

/// The first bytes of a file; empty where there is none.
std::string beginning_of(const std::filesystem::path& file, size_t bytes = 4096);

/// Whether the file begins as one that Pumice wrote.
bool was_written_by_pumice(const std::filesystem::path& file);

/// A PNG with the chunk that names its software (https://www.w3.org/TR/png-3/#11keywords).
std::string with_generator(const std::string& png);

}  // namespace pumice::formats
