#pragma once

#include <filesystem>
#include <string>

namespace pumice {

/// The contents of a file. Throws Error naming the file if it cannot be read.
std::string read_text(const std::filesystem::path& path);

}  // namespace pumice
