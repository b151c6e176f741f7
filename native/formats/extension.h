#pragma once

#include <filesystem>
#include <string>

namespace pumice::formats {

/// What a file's name says it is, in small letters: ".png" of "A.PNG"; empty without one.
std::string extension_of(const std::filesystem::path& path);

}  // namespace pumice::formats
