#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace pumice::formats {

/// A table of numbers; the first column is the epoch, or the step.
struct MetricsTable {
  std::vector<std::string> columns;
  std::vector<std::vector<double>> rows;
};

/// Reads a metrics file. An incomplete last line, left by a crash, is dropped. Throws Error if the
/// file cannot be read or a row is not a list of as many numbers as the header has columns.
MetricsTable read_metrics(const std::filesystem::path& path);

/// Appends rows, such as one per epoch, to a CSV file; every row is on disk when append() returns.
class MetricsCsv {
 public:
  /// Begins a new file and replaces an old one. Throws Error as write_file_atomically does.
  MetricsCsv(const std::filesystem::path& path, const std::vector<std::string>& columns);

  /// Continues a file: keeps its rows up to and including `last` (epoch or step), drops later ones
  /// (written after the checkpoint from which the run resumes), and begins a new file if there is
  /// none. Throws Error as read_metrics does and if the file has other columns.
  static MetricsCsv go_on(const std::filesystem::path& path,
                          const std::vector<std::string>& columns, double last);

  /// Writes one value per column. Throws Error when the disk is full.
  void append(std::span<const double> row);

  /// All rows in the file, kept and new.
  const MetricsTable& table() const { return table_; }

 private:
  MetricsCsv(const std::filesystem::path& path, MetricsTable kept);

  std::filesystem::path path_;
  MetricsTable table_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

}  // namespace pumice::formats
