#include "native/formats/metrics_csv.h"

#include <fmt/ranges.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <sstream>
#include <utility>

#include "engine/base/atomic_file.h"
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

std::vector<double> read_row(const std::string& line, size_t columns, const std::string& where) {
  std::vector<double> row;
  for (const std::string& cell : split(line)) {
    char* end = nullptr;
    row.push_back(std::strtod(cell.c_str(), &end));
    require(!cell.empty() && *end == '\0', "{}: expected a number, found '{}'", where, cell);
  }
  require(row.size() == columns, "{}: expected {} numbers, found {}", where, columns, row.size());
  return row;
}

std::string row_text(std::span<const double> row) {
  return fmt::format("{:.9g}\n", fmt::join(row, ","));
}

std::string table_text(const MetricsTable& table) {
  std::string text = fmt::format("{}\n", fmt::join(table.columns, ","));
  for (const std::vector<double>& row : table.rows) text += row_text(row);
  return text;
}

}  // namespace

MetricsTable read_metrics(const fs::path& path) {
  std::ifstream stream(path, std::ios::binary);
  require(stream.good(), "{}: cannot open: {}", path.string(), std::strerror(errno));
  std::string text{std::istreambuf_iterator<char>(stream), {}};
  text.erase(text.rfind('\n') == text.npos ? 0 : text.rfind('\n'));
  std::stringstream lines(text);
  std::string line;
  std::getline(lines, line);
  MetricsTable table{.columns = split(line), .rows = {}};
  for (size_t number = 2; std::getline(lines, line); ++number) {
    std::string where = fmt::format("{}:{}", path.string(), number);
    table.rows.push_back(read_row(line, table.columns.size(), where));
  }
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

MetricsCsv MetricsCsv::go_on(const fs::path& path, const std::vector<std::string>& columns,
                             double last) {
  if (!fs::exists(path)) return MetricsCsv(path, columns);
  MetricsTable table = read_metrics(path);
  require(table.columns == columns, "{}: expected columns {}, found {}", path.string(),
          fmt::join(columns, ","), fmt::join(table.columns, ","));
  std::erase_if(table.rows, [&](const std::vector<double>& row) { return row[0] > last; });
  return MetricsCsv(path, std::move(table));
}

void MetricsCsv::append(std::span<const double> row) {
  require(row.size() == table_.columns.size(), "{}: expected {} numbers, got {}", path_.string(),
          table_.columns.size(), row.size());
  std::string text = row_text(row);
  bool written = std::fwrite(text.data(), 1, text.size(), file_.get()) == text.size() &&
                 std::fflush(file_.get()) == 0;
  require(written, "{}: cannot write: {}", path_.string(), std::strerror(errno));
  table_.rows.emplace_back(row.begin(), row.end());
}

}  // namespace pumice::formats
