#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

namespace pumice::data {

/// All bytes of a file. Throws Error naming it when it cannot be read.
std::vector<uint8_t> read_file(const std::filesystem::path& path);

}  // namespace pumice::data
