#pragma once

#include <cstdint>
#include <filesystem>

namespace pumice::formats {

/// Throws io::NewerVersion if a file of `version` was written by a newer program than this, which
/// reads versions up to `known`.
void refuse_newer(uint32_t version, uint32_t known, const std::filesystem::path& file);

}  // namespace pumice::formats
