#pragma once

#include <cstddef>
#include <filesystem>
#include <span>
#include <string_view>

namespace pumice {

using ByteSpan = std::span<const std::byte>;

/// The bytes of a text, without a copy.
inline ByteSpan as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// Writes `pieces` one after the other to `path`, so that readers see either the old file or the
/// complete new one: a temporary file in the same folder is filled, synced and renamed. Throws
/// Error (disk full, no such folder, not allowed); the old file is then intact and nothing is left
/// beside it.
void write_file_atomically(const std::filesystem::path& path, std::span<const ByteSpan> pieces);

/// The same for one text.
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

}  // namespace pumice
