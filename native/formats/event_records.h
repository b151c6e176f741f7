#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <string_view>

namespace pumice::formats {

/// CRC-32C (Castagnoli): 0xe3069283 for "123456789".
uint32_t crc32c(std::string_view bytes);

/// Appends records to a file as TensorFlow frames them (TFRecord): length, its checksum, the bytes,
/// theirs. Every record is on its way to the disk when append() returns.
class RecordFile {
 public:
  /// Begins a new file. Throws Error when there is one already, or it cannot be written.
  explicit RecordFile(const std::filesystem::path& path);

  /// Throws Error when the disk is full.
  void append(std::string_view record);

 private:
  std::filesystem::path path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

}  // namespace pumice::formats
