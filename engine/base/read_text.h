#pragma once

#include <filesystem>
#include <string>

namespace pumice {

/// All bytes of a file as text. Throws Error naming it when it cannot be read.
std::string read_text(const std::filesystem::path& path);

}  // namespace pumice
