#pragma once

#include <cstddef>
#include <filesystem>
#include <functional>
#include <span>
#include <string_view>

namespace pumice {

using ByteSpan = std::span<const std::byte>;

/// A view of a string's bytes.
inline ByteSpan as_bytes(std::string_view text) {
  return std::as_bytes(std::span(text.data(), text.size()));
}

/// Writes `pieces` in order to `path`. Readers see either the old file or the complete new one: a
/// temporary file in the same folder is filled, synced and renamed. `before_replacing` is called in
/// between, when the new file is complete and the old one still has its name. Throws Error (disk
/// full, no such folder, permission denied) and what `before_replacing` throws; the old file is
/// then intact and no temporary file is left behind.
void write_file_atomically(const std::filesystem::path& path, std::span<const ByteSpan> pieces,
                           const std::function<void()>& before_replacing = {});

/// The same for a single string.
void write_file_atomically(const std::filesystem::path& path, std::string_view text);

}  // namespace pumice
