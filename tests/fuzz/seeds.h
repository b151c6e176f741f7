#pragma once

#include <filesystem>

namespace pumice::fuzz {

/// Writes small files of every binary format, from which fuzzers make others: FOLDER/TARGET/NAME.
void write_seeds(const std::filesystem::path& folder);

}  // namespace pumice::fuzz
