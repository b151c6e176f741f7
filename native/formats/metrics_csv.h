#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "native/formats/lost_rows.h"

namespace pumice::formats {

/// A row's last cell in a file that names an extractor: the hash of the one that measured FID.
inline constexpr std::string_view kExtractorColumn = "extractor";

/// A table of numbers; the first column is the epoch, or the step.
struct MetricsTable {
  std::vector<std::string> columns;  ///< without kExtractorColumn
  std::vector<std::vector<double>> rows;
  bool names_extractor = false;
  std::vector<std::string> extractors = {};  ///< of each row, may be empty; only if it names them
};

/// Reads a metrics file. An incomplete last line, left by a crash, is dropped. Throws Error if the
/// file cannot be read or a row is not a list of as many numbers as the header has columns.
MetricsTable read_metrics(const std::filesystem::path& path);

/// The same up to the first damaged row; `problem` says what is wrong with it.
MetricsTable read_intact_metrics(const std::filesystem::path& path, std::string& problem);

/// The number of an epoch or a step, which the first column of `file` has. Throws Error unless it
/// is in 0 … 2³²-1.
uint32_t whole_number(double value, const std::filesystem::path& file);

/// Appends rows, such as one per epoch, to a CSV file. A killed process loses none; a power failure
/// none before the last sync().
class MetricsCsv {
 public:
  /// Begins a new file and replaces an old one. Throws Error as write_file_atomically does.
  MetricsCsv(const std::filesystem::path& path, const std::vector<std::string>& columns);

  /// Continues a file that should hold rows with the first columns (epochs or steps) of
  /// `expected`: drops others (written after the checkpoint from which the run resumes), and takes
  /// the expected row where one is missing or the file is damaged. Warns of lost rows, as a power
  /// failure leaves them; `substitute` says what is there instead. Throws Error if the file cannot
  /// be read or has other columns.
  static MetricsCsv resume(const std::filesystem::path& path, MetricsTable expected,
                           const std::string& substitute, const Warn& warn);

  /// Writes one value per column, and `extractor` if the table names it. Throws Error when the disk
  /// is full.
  void append(std::span<const double> row, const std::string& extractor = "");

  /// Waits until all rows are on the disk. Throws Error if they cannot be written.
  void sync();

  /// All rows in the file, kept and new.
  const MetricsTable& table() const { return table_; }

 private:
  MetricsCsv(const std::filesystem::path& path, MetricsTable kept);

  std::filesystem::path path_;
  MetricsTable table_;
  std::unique_ptr<std::FILE, int (*)(std::FILE*)> file_;
};

}  // namespace pumice::formats
