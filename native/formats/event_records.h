#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string_view>

namespace pumice::formats {

/// CRC-32C (Castagnoli): 0xe3069283 for "123456789".
uint32_t crc32c(std::string_view bytes);

/// Appends records to a file in TensorFlow's framing (TFRecord): length, its checksum, data, its
/// checksum. append() flushes every record.
class RecordFile {
 public:
  /// Begins a new file. Throws Error if it exists or cannot be written.
  explicit RecordFile(const std::filesystem::path& path);

  /// Throws Error when the disk is full.
  void append(std::string_view record);

 private:
  std::filesystem::path path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

}  // namespace pumice::formats
