#pragma once

#include <filesystem>
#include <string>

namespace pumice::formats {

/// The file's extension in lower case: ".png" for "A.PNG"; empty without one.
std::string extension_of(const std::filesystem::path& path);

}  // namespace pumice::formats
