#pragma once

#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <vector>

#include "native/formats/lost_rows.h"

namespace pumice::formats {

/// Reads a file of JSON lines, each an object with the number "epoch". An incomplete last line,
/// left by a crash, is dropped. Throws Error if the file cannot be read or holds anything else.
std::vector<nlohmann::json> read_metrics_lines(const std::filesystem::path& path);

/// Appends one JSON object per epoch to a file; every line is on the disk when append() returns.
class MetricsLines {
 public:
  /// Continues a file that should hold lines of the epochs of `expected`: drops others (written
  /// after the checkpoint from which the run resumes), and takes the expected line where one is
  /// missing or the file is damaged. Warns of lost lines as MetricsCsv::resume does. Throws Error
  /// if the file cannot be read or written.
  MetricsLines(const std::filesystem::path& path, std::vector<nlohmann::json> expected,
               const std::string& substitute, const Warn& warn);

  /// Throws Error when the disk is full.
  void append(const nlohmann::json& object);

 private:
  std::filesystem::path path_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

}  // namespace pumice::formats
