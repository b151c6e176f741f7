#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <vector>

namespace pumice::formats {

/// Reads a file of JSON lines, each an object with the number "epoch". An incomplete last line,
/// left by a crash, is dropped. Throws Error if the file cannot be read or holds anything else.
std::vector<nlohmann::json> read_metrics_lines(const std::filesystem::path& path);

/// Appends one JSON object per epoch to a file; every line is on disk when append() returns.
class MetricsLines {
 public:
  /// Keeps the file's lines up to and including `last_epoch`, drops later ones (written after the
  /// checkpoint from which the run resumes), and begins a new file if there is none. Throws Error
  /// as read_metrics_lines and write_file_atomically do.
  MetricsLines(const std::filesystem::path& path, uint32_t last_epoch);

  /// Throws Error when the disk is full.
  void append(const nlohmann::json& object);

 private:
  std::filesystem::path path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

}  // namespace pumice::formats
