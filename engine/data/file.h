#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace pumice::data {

/// The contents of a file. Throws Error naming it if it cannot be read.
std::vector<uint8_t> read_file(const std::filesystem::path& path);

}  // namespace pumice::data
