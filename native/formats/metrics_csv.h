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

/// Reads a metrics file. A last line without its end, as a crash leaves it, is left out. Throws
/// Error when the file cannot be read or a row is no list of numbers as long as the header.
MetricsTable read_metrics(const std::filesystem::path& path);

/// Appends rows, such as one per epoch, to a CSV file; every row is on disk when append() returns.
class MetricsCsv {
 public:
  /// Begins a new file in the place of an old one. Throws Error as write_file_atomically does.
  MetricsCsv(const std::filesystem::path& path, const std::vector<std::string>& columns);

  /// Goes on with a file: keeps its rows up to and with `last` (epoch or step), drops later ones
  /// (they were written after the checkpoint that the run goes on from), and begins a new file
  /// where there is none. Throws Error as read_metrics does and when the file has other columns.
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
