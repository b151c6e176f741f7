#include "native/formats/metrics_csv.h"

#include <fmt/ranges.h>
#include <unistd.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>
#include <sstream>
#include <utility>

#include "engine/base/atomic_file.h"
#include "engine/base/read_text.h"
#include "engine/base/require.h"

namespace pumice::formats {
namespace {

namespace fs = std::filesystem;

std::vector<std::string> split(const std::string& line) {
  std::vector<std::string> cells;
  std::stringstream stream(line);
  for (std::string cell; std::getline(stream, cell, ',');) cells.push_back(cell);
  return cells;
}

/// Empty, and what is wrong, if the line is damaged.
std::vector<double> read_row(const std::string& line, size_t columns, std::string& problem) {
  std::vector<double> row;
  for (const std::string& cell : split(line)) {
    char* end = nullptr;
    row.push_back(std::strtod(cell.c_str(), &end));
    if (!cell.empty() && end == cell.c_str() + cell.size()) continue;
    const bool is_blank = cell.find('\0') != cell.npos;  // as a power failure leaves it
    problem = fmt::format("expected a number, found {}",
                          is_blank ? "zero bytes" : fmt::format("'{}'", cell));
    return {};
  }
  if (row.size() == columns) return row;
  problem = fmt::format("expected {} numbers, found {}", columns, row.size());
  return {};
}

std::string row_text(std::span<const double> row) {
  return fmt::format("{:.9g}\n", fmt::join(row, ","));
}

std::string row_text(const MetricsTable& table, std::span<const double> row,
                     const std::string& extractor) {
  std::string text = row_text(row);
  if (table.names_extractor) text.insert(text.size() - 1, "," + extractor);
  return text;
}

std::string header_text(const MetricsTable& table) {
  std::string text = fmt::format("{}", fmt::join(table.columns, ","));
  return table.names_extractor ? fmt::format("{},{}", text, kExtractorColumn) : text;
}

std::string table_text(const MetricsTable& table) {
  std::string text = header_text(table) + "\n";
  for (size_t i = 0; i < table.rows.size(); ++i) {
    text += row_text(table, table.rows[i], table.names_extractor ? table.extractors[i] : "");
  }
  return text;
}

/// Removes the extractor's hash from a line of a table that names it.
std::string cut_extractor(const MetricsTable& table, std::string& line) {
  const size_t comma = line.rfind(',');
  if (!table.names_extractor || comma == line.npos) return "";
  const std::string extractor = line.substr(comma + 1);
  line.erase(comma);
  return extractor;
}

struct Damage {
  size_t line = 0;  ///< 0: none
  std::string problem;
};

MetricsTable read_intact(const fs::path& path, Damage& damage) {
  std::string text = read_text(path);
  text.erase(text.rfind('\n') == text.npos ? 0 : text.rfind('\n'));
  std::stringstream lines(text);
  std::string line;
  std::getline(lines, line);
  MetricsTable table{.columns = split(line), .rows = {}};
  if (!table.columns.empty() && table.columns.back() == kExtractorColumn) {
    table.columns.pop_back();
    table.names_extractor = true;
  }
  for (size_t number = 2; std::getline(lines, line); ++number) {
    const std::string extractor = cut_extractor(table, line);
    std::vector<double> row = read_row(line, table.columns.size(), damage.problem);
    if (!damage.problem.empty()) damage.line = number;
    if (damage.line > 0) break;
    table.rows.push_back(std::move(row));
    if (table.names_extractor) table.extractors.push_back(extractor);
  }
  return table;
}

/// Whether the header was the expected one before it was cut or its end blanked.
bool is_damaged_header(const MetricsTable& found, const MetricsTable& expected) {
  const std::string text = header_text(found);
  return header_text(expected).starts_with(text.substr(0, text.find('\0')));
}

/// The rows before the first damaged one of a file with these columns.
MetricsTable intact_rows(const fs::path& path, const MetricsTable& expected, std::string& problem) {
  problem = "it is missing";
  if (!fs::exists(path)) return {};
  MetricsTable table = read_intact_metrics(path, problem);
  if (table.columns == expected.columns) return table;
  require(is_damaged_header(table, expected), "{}: expected columns {}, found {}", path.string(),
          fmt::join(expected.columns, ","), fmt::join(table.columns, ","));
  problem = "its header is damaged";
  return {};
}

}  // namespace

MetricsTable read_metrics(const fs::path& path) {
  Damage damage;
  MetricsTable table = read_intact(path, damage);
  require(damage.line == 0, "{}:{}: {}", path.string(), damage.line, damage.problem);
  return table;
}

uint32_t whole_number(double value, const fs::path& file) {
  const bool is_whole = value >= 0 && value <= std::numeric_limits<uint32_t>::max();  // not NaN
  require(is_whole, "{}: expected a whole number in the first column, found {}", file.string(),
          value);
  return static_cast<uint32_t>(value);
}

MetricsTable read_intact_metrics(const fs::path& path, std::string& problem) {
  Damage damage;
  MetricsTable table = read_intact(path, damage);
  problem = damage.line == 0 ? "" : fmt::format("line {} is damaged", damage.line);
  return table;
}

MetricsCsv::MetricsCsv(const fs::path& path, const std::vector<std::string>& columns)
    : MetricsCsv(path, MetricsTable{.columns = columns, .rows = {}}) {}

MetricsCsv::MetricsCsv(const fs::path& path, MetricsTable kept)
    : path_(path), table_(std::move(kept)), file_(nullptr, std::fclose) {
  write_file_atomically(path, table_text(table_));
  file_.reset(std::fopen(path.c_str(), "ab"));
  require(file_ != nullptr, "{}: cannot open: {}", path.string(), std::strerror(errno));
}

MetricsCsv MetricsCsv::resume(const fs::path& path, MetricsTable expected,
                              const std::string& substitute, const Warn& warn) {
  LostRows lost{
      .key = expected.columns[0], .expected = expected.rows.size(), .substitute = substitute};
  expected.extractors.resize(expected.rows.size());
  const MetricsTable kept = intact_rows(path, expected, lost.problem);
  std::map<double, size_t> found;
  for (size_t i = 0; i < kept.rows.size(); ++i) {
    if (std::isfinite(kept.rows[i][0])) found[kept.rows[i][0]] = i;
  }
  for (size_t i = 0; i < expected.rows.size(); ++i) {
    std::vector<double>& row = expected.rows[i];
    const auto at = found.find(row[0]);
    if (at != found.end()) {
      row = kept.rows[at->second];
      if (kept.names_extractor) expected.extractors[i] = kept.extractors[at->second];
    } else {
      lost.numbers.push_back(static_cast<uint64_t>(row[0]));
    }
  }
  warn_of_lost_rows(path, lost, warn);
  return MetricsCsv(path, std::move(expected));
}

void MetricsCsv::append(std::span<const double> row, const std::string& extractor) {
  require(row.size() == table_.columns.size(), "{}: expected {} numbers, got {}", path_.string(),
          table_.columns.size(), row.size());
  std::string text = row_text(table_, row, extractor);
  bool written = std::fwrite(text.data(), 1, text.size(), file_.get()) == text.size() &&
                 std::fflush(file_.get()) == 0;
  require(written, "{}: cannot write: {}", path_.string(), std::strerror(errno));
  table_.rows.emplace_back(row.begin(), row.end());
  if (table_.names_extractor) table_.extractors.push_back(extractor);
}

void MetricsCsv::sync() {
  require(fdatasync(fileno(file_.get())) == 0, "{}: cannot write: {}", path_.string(),
          std::strerror(errno));
}

}  // namespace pumice::formats
